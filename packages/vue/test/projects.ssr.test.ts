import { createEntities } from '@tidemark/core/entities'
import { expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { EntityServer } from '../../core/test/entityServer.js'
import { types } from '../../core/test/entityTypes.js'
import Projects from './Projects.vue'

test('a component renders on a server, where nothing is known and nothing is asked', async () => {
  const server = new EntityServer()
  const entities = createEntities({ name: 'ssr', types, fetcher: server })
  const html = await renderToString(createSSRApp(Projects, { entities }))
  expect(html).toContain('loading, nothing, loading true')
  expect(server.asked).toEqual([])
})
