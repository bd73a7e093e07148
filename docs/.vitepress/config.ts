import { defineConfig } from 'vitepress'
import llms from 'vitepress-plugin-llms'
import { apiLabel, section } from './sidebar.ts'

export default defineConfig({
  title: 'Tidemark',
  description: 'An offline-first sync core for Supabase apps, with thin Svelte and Vue adapters.',
  cleanUrls: true,
  vite: { plugins: [llms()] },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide/start' },
      { text: 'API', link: '/api/' },
      { text: 'Architecture', link: '/architecture' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: [
          { text: 'Getting started', link: '/guide/start' },
          { text: 'Tables', link: '/guide/tables' },
          { text: 'Queries', link: '/guide/queries' },
          { text: 'Writes and groups', link: '/guide/writes' },
          { text: 'Joins and windows', link: '/guide/joins' },
          { text: 'Outbox and parked mutations', link: '/guide/outbox' },
          { text: 'Plain and exact mode', link: '/guide/modes' },
          { text: 'Storage and tabs', link: '/guide/storage' },
          { text: 'Cached entities and drafts', link: '/guide/entities' },
          { text: 'Precise cache invalidation', link: '/guide/invalidation' },
          { text: 'Svelte', link: '/guide/svelte' },
          { text: 'Vue', link: '/guide/vue' },
          { text: 'Server rendering', link: '/guide/ssr' },
          { text: 'The embedded Supabase', link: '/guide/dev-server' },
          { text: 'Testing', link: '/guide/testing' },
          { text: 'Errors', link: '/guide/errors' },
          { text: 'A calendar', link: '/guide/calendar' },
          { text: 'Calendar components', link: '/guide/components' },
          { text: 'Storybook', link: '/guide/storybook' },
          { text: 'Parity of Svelte and Vue', link: '/guide/parity' },
        ],
      },
      ...section('Postgres', 'postgres'),
      ...section('PubSub', 'pubsub'),
      ...section('API', 'api', apiLabel),
      { text: 'Inside', items: [{ text: 'Architecture', link: '/architecture' }] },
    ],
    search: { provider: 'local' },
  },
})
