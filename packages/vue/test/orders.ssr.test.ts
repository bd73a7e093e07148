import { expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { makeInvalidation } from '../../core/test/invalidationWorld.js'
import Orders from './Orders.vue'

test('a component that follows views renders on a server, and subscribes to nothing there', async () => {
  const { invalidation, open } = makeInvalidation()
  const html = await renderToString(createSSRApp(Orders, { invalidation }))
  expect(html).toContain('<p')
  expect(open()).toBe('')
})
