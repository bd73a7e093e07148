import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Range } from '../schema/table.js'
import { addRange, covers, missingRanges } from './ranges.js'

const end = 12
/** Every whole and half point: ranges are closed, and the halves lie inside of them. */
const points = Array.from({ length: 2 * end + 1 }, (_, index) => index / 2)
const ranges = fc.tuple(fc.nat(end), fc.nat(end)).map(([a, b]): Range => [Math.min(a, b), Math.max(a, b)])
const lists = fc.array(ranges, { maxLength: 6 })
const holding = (list: readonly Range[]): Range[] =>
  list.reduce<Range[]>((held, range) => addRange(held, range), [])
const isIn = ([from, to]: Range, point: number): boolean => from <= point && point <= to

test('what is held covers every point of every range that was added, and no other', () => {
  fc.assert(
    fc.property(lists, (list) => {
      const held = holding(list)
      for (const point of points) expect(covers(held, point)).toBe(list.some((range) => isIn(range, point)))
    }),
  )
})

test('held ranges stand in order and apart: those that overlap or touch are one', () => {
  fc.assert(
    fc.property(lists, (list) => {
      const held = holding(list)
      held.slice(1).forEach(([from], index) => expect(from).toBeGreaterThan(held[index]?.[1] ?? Infinity))
    }),
  )
  expect(addRange([[0, 1]], [1, 2])).toEqual([[0, 2]])
})

test('adding a range changes neither the list nor the ranges that were given', () => {
  const held: readonly Range[] = Object.freeze([
    Object.freeze([0, 2] as const),
    Object.freeze([4, 5] as const),
  ])
  expect(addRange(held, Object.freeze([1, 4] as const))).toEqual([[0, 5]])
})

test('what is missing makes the wanted range whole', () => {
  fc.assert(
    fc.property(lists, ranges, (list, wanted) => {
      const held = holding(list)
      const whole = missingRanges(held, wanted).reduce<Range[]>((all, range) => addRange(all, range), held)
      for (const point of points) if (isIn(wanted, point)) expect(covers(whole, point)).toBe(true)
      expect(missingRanges(whole, wanted)).toEqual([])
    }),
  )
})

test('nothing is fetched twice or unasked: what is missing lies in the wanted range and beside what is held', () => {
  fc.assert(
    fc.property(lists, ranges, (list, wanted) => {
      const held = holding(list)
      for (const [from, to] of missingRanges(held, wanted)) {
        expect(isIn(wanted, from) && isIn(wanted, to)).toBe(true)
        const inner = points.filter((point) => from < point && point < to)
        expect(inner.filter((point) => covers(held, point))).toEqual([])
      }
    }),
  )
})

test('a range of one point is missing like any other', () => {
  expect(missingRanges([], [5, 5])).toEqual([[5, 5]])
  expect(missingRanges([[0, 5]], [5, 5])).toEqual([])
})
