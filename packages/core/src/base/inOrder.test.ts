import { expect, test } from 'vitest'
import { inOrder } from './inOrder.js'

test('pieces of work run one after the other, also after one has failed', async () => {
  const run = inOrder()
  const told: string[] = []
  const work = (name: string, turns: number) => async () => {
    told.push(`${name} begins`)
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    told.push(`${name} ends`)
    if (name === 'b') throw new Error('b failed')
    return name
  }
  const [a, b, c] = [run(work('a', 5)), run(work('b', 2)), run(work('c', 0))]
  await expect(a).resolves.toBe('a')
  await expect(b).rejects.toThrow('b failed')
  await expect(c).resolves.toBe('c')
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('work that throws before its first await fails its own promise only', async () => {
  const run = inOrder()
  const failed = run(() => {
    throw new Error('at once')
  })
  await expect(failed).rejects.toThrow('at once')
  await expect(run(() => Promise.resolve(1))).resolves.toBe(1)
})
