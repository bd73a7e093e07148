import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Range } from '../schema/table.js'
import { spareRanges, type Spare } from './prune.js'
import { addRange, covers } from './ranges.js'

const shown = (range: Range): Spare => ({ range, at: Infinity })
const used = (range: Range, at: number): Spare => ({ range, at })

test('what was never shown goes first, then what was shown longest ago', () => {
  const uses = [used([0, 10], 2), used([20, 30], 1), shown([40, 50])]
  expect(spareRanges([[0, 60]], uses, [52, 60])).toEqual([
    { range: [10, 20], at: 0 },
    { range: [30, 40], at: 0 },
    { range: [50, 52], at: 0 },
    { range: [20, 30], at: 1 },
    { range: [0, 10], at: 2 },
  ])
})

test('of ranges that overlap, the common part is as young as the younger one', () => {
  expect(spareRanges([[0, 30]], [used([0, 20], 1), used([10, 30], 2)], [90, 91])).toEqual([
    { range: [0, 10], at: 1 },
    { range: [10, 30], at: 2 },
  ])
})

test('only what is held can go', () => {
  expect(spareRanges([], [used([0, 10], 1)], [90, 91])).toEqual([])
  expect(spareRanges([[5, 8]], [used([0, 10], 1)], [90, 91])).toEqual([{ range: [5, 8], at: 1 }])
})

const range = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]): Range => [from, from + length])
const ranges = fc.array(range, { maxLength: 5 }).map((all) => all.reduce<Range[]>(addRange, []))
const uses = fc.array(fc.record({ range, at: fc.constantFrom(1, 2, 3, Infinity) }), { maxLength: 6 })
/** Between two whole numbers: no edge of any range. */
const points = Array.from({ length: 62 }, (_, index) => index + 0.5)

test('whatever was shown: all that is held and is neither shown nor standing goes, once, and nothing else', () => {
  fc.assert(
    fc.property(ranges, uses, range, (held, all, standing) => {
      const spare = spareRanges(held, all, standing)
      for (const point of points) {
        const isKept = [standing, ...all.flatMap((use) => (use.at === Infinity ? [use.range] : []))].some(
          (kept) => covers([kept], point),
        )
        const times = spare.filter((part) => covers([part.range], point))
        expect(times).toHaveLength(covers(held, point) && !isKept ? 1 : 0)
        const lastUse = Math.max(0, ...all.filter((use) => covers([use.range], point)).map(({ at }) => at))
        for (const { at } of times) expect(at).toBe(lastUse)
      }
      expect(spare.map(({ at }) => at)).toEqual(spare.map(({ at }) => at).sort())
    }),
  )
})
