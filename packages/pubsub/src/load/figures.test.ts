import { expect, test } from 'vitest'
import { each, passed, spreadOf } from './figures.js'

test('the spread is that of the sorted times', () => {
  const times = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(spreadOf(times)).toEqual({ p50: 51, p99: 100, max: 100 })
  expect(() => spreadOf([])).toThrow('Nothing was measured')
})

test('all items are worked on, and no more at once than said', async () => {
  const seen: number[] = []
  let now = 0
  let most = 0
  await each(Array(20).keys(), 3, async (item) => {
    most = Math.max(most, (now += 1))
    await passed(1)
    now -= 1
    seen.push(item)
  })
  expect(seen.sort((a, b) => a - b)).toEqual([...Array(20).keys()])
  expect(most).toBe(3)
})
