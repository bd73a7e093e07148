import { expect, test } from 'vitest'
import type { Invalidation } from '../src/invalidation.js'
import { makeInvalidation } from './invalidationWorld.js'
import { press, textOf, type Screen } from './screen.js'

/** The same page in every framework does the same. */
export function ordersConformance(
  framework: string,
  show: (invalidation: Invalidation) => Promise<Screen>,
): void {
  const begin = async () => {
    const world = makeInvalidation()
    const screen = await show(world.invalidation)
    return { ...world, screen, text: () => textOf(screen, 'state') }
  }

  test(`${framework}: a component hears of what it shows, and of the next document when it shows another`, async () => {
    const { memory, open, screen, text } = await begin()
    await expect.poll(open).toBe('doc:wo:1 factory:f1')
    const left: string[] = []
    const remove = memory.open.delete.bind(memory.open)
    memory.open.delete = (name) => (left.push(name), remove(name))
    await press(screen, 'next')
    await expect.poll(open).toBe('doc:wo:2 factory:f1')
    expect(left).toEqual(['doc:wo:1'])
    await press(screen, 'see')
    await expect.poll(text).toContain('1')
    expect(left).toEqual(['doc:wo:1'])
  })

  test(`${framework}: nothing is heard after a component has gone`, async () => {
    const { screen, open, cache, update, isInvalid } = await begin()
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

  test(`${framework}: the state of the feed is shown`, async () => {
    const { memory, text } = await begin()
    await expect.poll(text).toContain('idle')
    memory.outlets.state = { name: 'lost' }
    await expect.poll(text).toContain('lost')
  })
}
