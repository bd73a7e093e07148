import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rows, wheres } from '../../test/things.js'
import { compilePredicate } from './predicate.js'
import type { Where } from './query.js'
import { rangeOf } from './rangeOf.js'

const early = new Date(1)
const late = new Date(2)

test.each<[string, Where, ReturnType<typeof rangeOf>]>([
  ['a value', { a: 5 }, { from: 5, to: 5 }],
  ['two bounds', { a: { gte: 1, lt: 4 } }, { from: 1, to: 4 }],
  ['dates', { a: { gt: early, lte: late } }, { from: early, to: late }],
  ['texts', { a: { gte: '2026-01', lt: '2026-02' } }, { from: '2026-01', to: '2026-02' }],
  ['one bound', { a: { gte: 1 } }, { from: 1, to: undefined }],
  ['the tighter of two bounds', { a: { gt: 3, gte: 1, lt: 9, lte: 5 } }, { from: 3, to: 5 }],
  ['a list', { a: { in: [3, 1, 2] } }, { from: 1, to: 3 }],
  ['bounds inside of `and`', { and: [{ a: { gte: 1 } }, { a: { lt: 4 } }] }, { from: 1, to: 4 }],
  ['zero and the empty text', { a: { gte: 0, lt: '' } }, { from: 0, to: '' }],
])('%s bounds the column', (_, where, range) => expect(rangeOf(where, 'a')).toEqual(range))

test.each<Where | undefined>([
  undefined,
  {},
  { b: 1 },
  { a: null },
  { a: { ne: 1 } },
  { a: { in: [] } },
  { a: { gt: undefined } },
  { or: [{ a: 1 }] },
  { not: { a: 1 } },
])('%j does not bound the column', (where) => expect(rangeOf(where, 'a')).toBeUndefined())

test('no row that matches lies outside of the interval', () =>
  fc.assert(
    fc.property(rows, wheres, fc.constantFrom('n', 'at', 'name'), (list, where, column) => {
      const range = rangeOf(where, column)
      for (const row of range ? list.filter(compilePredicate(where)) : []) {
        const value = row[column] as number
        expect(value < (range?.from as number)).toBe(false)
        expect(value > (range?.to as number)).toBe(false)
      }
    }),
    { numRuns: 500 },
  ))
