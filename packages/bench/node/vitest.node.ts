import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

/** Benchmarks of what runs on Node. The server has a process of its own, as a client has. */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { resolve: { conditions: ['@tidemark/source', ...defaultServerConditions] } },
  test: {
    name: 'bench on node',
    include: ['*.bench.ts'],
    globalSetup: ['rest.setup.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
    disableConsoleIntercept: true,
  },
})
