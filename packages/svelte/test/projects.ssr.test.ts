import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { createEntities } from '@tidemark/core/entities'
import { EntityServer } from '../../core/test/entityServer.js'
import { types } from '../../core/test/entityTypes.js'
import Projects from './Projects.svelte'

test('a component renders on a server, where nothing is known and nothing is asked', () => {
  const server = new EntityServer()
  const entities = createEntities({ name: 'ssr', types, fetcher: server })
  const { body } = render(Projects, { props: { entities } })
  expect(body).toContain('loading, nothing, loading true')
  expect(server.asked).toEqual([])
})
