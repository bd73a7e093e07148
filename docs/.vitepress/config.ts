import { defineConfig } from 'vitepress'
import llms from 'vitepress-plugin-llms'

export default defineConfig({
  title: 'Tidemark',
  description: 'An offline-first sync core for Supabase apps, with thin Svelte and Vue adapters.',
  cleanUrls: true,
  // The pages of the API come from the docstrings, by `pnpm --filter ./docs api`.
  ignoreDeadLinks: [/^\/api\//],
  vite: { plugins: [llms()] },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/start' },
      { text: 'Architecture', link: '/architecture' },
    ],
    sidebar: [
      { text: 'Guide', items: [{ text: 'Getting started', link: '/guide/start' }] },
      { text: 'Inside', items: [{ text: 'Architecture and laws', link: '/architecture' }] },
    ],
    search: { provider: 'local' },
  },
})
