import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { makeWorld } from '../../core/test/world.js'
import Lists from './Lists.svelte'

test('a component renders on a server, where there is no IndexedDB: no row is known, and nobody is signed in', () => {
  expect(typeof indexedDB).toBe('undefined')
  const { body } = render(Lists, { props: { tide: makeWorld().tab() } })
  expect(body).toMatch(/unknown in all, first undefined, store unknown,\s+stopped, 0 pending/)
})
