import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import { makeInvalidation } from '../../core/test/invalidationWorld.js'
import Orders from './Orders.svelte'

test('a component that follows views renders on a server, and subscribes to nothing there', () => {
  const { invalidation, open } = makeInvalidation()
  const { body } = render(Orders, { props: { invalidation } })
  expect(body).toContain('<p')
  expect(open()).toBe('')
})
