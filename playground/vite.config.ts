import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { defaultClientConditions, defineConfig, type UserConfig } from 'vite'

/** The embedded server's address; `scripts/start.ts` sets it, and says where it is when the page is served by hand. */
const supabase = {
  url: process.env.TIDEMARK_SUPABASE_URL ?? 'http://127.0.0.1:54321',
  anonKey: process.env.TIDEMARK_ANON_KEY ?? '',
}

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  plugins: [svelte({ configFile: false }), vue()],
  define: { __SUPABASE__: JSON.stringify(supabase) },
  resolve: { conditions: ['@tidemark/source', ...defaultClientConditions] },
  server: { host: '127.0.0.1', port: 5173, strictPort: true },
})

export default config
