import { expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { makeWorld } from '../../core/test/world.js'
import Lists from './Lists.vue'
import { listsOnServer } from './listsOnServer.js'

test('a component renders on a server, where there is no IndexedDB: no row is known, and nobody is signed in', async () => {
  expect(typeof indexedDB).toBe('undefined')
  const html = await renderToString(createSSRApp(Lists, { tide: makeWorld().tab() }))
  expect(html).toBe(listsOnServer)
})
