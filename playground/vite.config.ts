import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { join } from 'node:path'
import { defaultClientConditions, defineConfig, type UserConfig } from 'vite'

/** The servers' addresses; `scripts/start.ts` sets them, and says where they are when the page is served by hand. */
const {
  TIDEMARK_SUPABASE_URL: url = 'http://127.0.0.1:54321',
  TIDEMARK_ANON_KEY: anonKey = '',
  TIDEMARK_ENTITY_URL: entities = 'http://127.0.0.1:4000',
  TIDEMARK_PUBSUB_URL: pubsub = 'ws://127.0.0.1:4001',
} = process.env

const root = import.meta.dirname

const config: UserConfig = defineConfig({
  root,
  plugins: [svelte({ configFile: false }), vue()],
  define: {
    __SUPABASE__: JSON.stringify({ url, anonKey }),
    __PUBSUB__: JSON.stringify(pubsub),
  },
  resolve: { conditions: ['@tidemark/source', ...defaultClientConditions] },
  build: { rolldownOptions: { input: [join(root, 'index.html'), join(root, 'projects.html')] } },
  // The page asks the Entity API at its own address, as behind a gateway.
  server: { host: '127.0.0.1', port: 5173, strictPort: true, proxy: { '/api/v1': entities } },
})

export default config
