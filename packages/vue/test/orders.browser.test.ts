import { expect, test } from 'vitest'
import { render } from 'vitest-browser-vue'
import { makeInvalidation } from '../../core/test/invalidationWorld.js'
import Orders from './Orders.vue'

async function shown() {
  const world = makeInvalidation()
  const { invalidation } = world
  const screen = await render(Orders, { props: { invalidation } })
  const text = () => screen.getByTestId('state').element().textContent
  const press = (name: string) => screen.getByRole('button', { name }).click()
  return { ...world, screen, text, press }
}

test('a component hears of what it shows, and of the next document when it shows another', async () => {
  const { memory, open, press, text } = await shown()
  await expect.poll(open).toBe('doc:wo:1 factory:f1')
  const left: string[] = []
  const remove = memory.open.delete.bind(memory.open)
  memory.open.delete = (name) => (left.push(name), remove(name))
  await press('next')
  await expect.poll(open).toBe('doc:wo:2 factory:f1')
  expect(left).toEqual(['doc:wo:1'])
  await press('see')
  await expect.poll(text).toContain('1')
  expect(left).toEqual(['doc:wo:1'])
})

test('nothing is heard after a component has gone', async () => {
  const { screen, open, cache, update, isInvalid } = await shown()
  await expect.poll(open).toBe('doc:wo:1 factory:f1')
  cache('1')
  update('1')
  await screen.unmount()
  expect(isInvalid('1')).toBe(true)
  expect(open()).toBe('')
  cache('1')
  update('1')
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(isInvalid('1')).toBe(false)
})

test('the state of the feed is shown', async () => {
  const { memory, text } = await shown()
  await expect.poll(text).toContain('idle')
  memory.outlets.state = { name: 'lost' }
  await expect.poll(text).toContain('lost')
})
