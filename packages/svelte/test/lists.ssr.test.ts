import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { makeWorld } from '../../core/test/world.js'
import Lists from './Lists.svelte'

test('a component renders on a server, where there is no IndexedDB: everything is unknown', () => {
  expect(typeof indexedDB).toBe('undefined')
  const { body } = render(Lists, { props: { tide: makeWorld().tab() } })
  expect(body).toContain('unknown in all, first undefined')
})
