import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { findChromium } from '../../scripts/chromium.mjs'

const executablePath = findChromium()

/** Benchmarks have a run of their own: nothing else may use the machine meanwhile. */
export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['@tidemark/source', ...defaultClientConditions] },
  optimizeDeps: {
    include: [
      '@tanstack/query-async-storage-persister',
      '@tanstack/query-core',
      '@tanstack/query-persist-client-core',
      '@tidemark/core > dexie',
      '@tidemark/core > rxjs',
      '@tidemark/core > zod/v4/core',
      'zod',
    ],
  },
  test: {
    name: 'bench',
    include: ['src/**/*.bench.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: executablePath === undefined ? {} : { executablePath } }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
