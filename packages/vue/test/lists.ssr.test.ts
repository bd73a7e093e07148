import { expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { makeWorld } from '../../core/test/world.js'
import Lists from './Lists.vue'

test('a component renders on a server, where there is no IndexedDB: everything is unknown', async () => {
  expect(typeof indexedDB).toBe('undefined')
  const html = await renderToString(createSSRApp(Lists, { tide: makeWorld().tab() }))
  expect(html).toContain('unknown in all, first undefined')
})
