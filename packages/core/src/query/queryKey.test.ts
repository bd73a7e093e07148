import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orders, wheres } from '../../test/things.js'
import { orderColumns } from './order.js'
import type { Query } from './query.js'
import { queryKey } from './queryKey.js'

test('the order of keys, and what is undefined, do not matter', () => {
  expect(queryKey({ where: { a: 1, b: { gt: 1, lt: 5 } }, limit: 3 })).toBe(
    queryKey({ limit: 3, where: { c: undefined, b: { lt: 5, gt: 1 }, a: 1 } }),
  )
  expect(queryKey({})).toBe(queryKey({ where: {} }))
  expect(queryKey({ where: { a: 'desc', b: 'asc' } })).toBe(queryKey({ where: { b: 'asc', a: 'desc' } }))
})

test('every way to say one order of rows is the same', () => {
  const keys = (['a', ['a'], { a: 'asc' }, [{ a: 'asc' }]] as const).map((orderBy) => queryKey({ orderBy }))
  expect(new Set(keys).size).toBe(1)
})

const different: [string, Query, Query][] = [
  ['the order of a list', { where: { a: { in: [1, 2] } } }, { where: { a: { in: [2, 1] } } }],
  ['the order of columns', { orderBy: { a: 'asc', b: 'asc' } }, { orderBy: { b: 'asc', a: 'asc' } }],
  ['a limit', {}, { limit: 0 }],
  ['two dates', { where: { a: new Date(1) } }, { where: { a: new Date(2) } }],
  ['a date and its text', { where: { a: new Date(0) } }, { where: { a: new Date(0).toISOString() } }],
  ['a date and its time', { where: { a: new Date(0) } }, { where: { a: 0 } }],
  ['a number and a text', { where: { a: 1 } }, { where: { a: '1' } }],
  ['a number and a bigint', { where: { a: 1 } }, { where: { a: 1n } }],
  ['two infinities', { where: { a: { gt: Infinity } } }, { where: { a: { gt: -Infinity } } }],
  ['an object and its entries', { where: { a: { x: 1 } } }, { where: { a: [['x', 1]] } }],
]
test.each(different)('%s makes another key', (_, a, b) => expect(queryKey(a)).not.toBe(queryKey(b)))

test('a key is shared by equal queries and by no others', () => {
  const queries = fc.record(
    { where: wheres, orderBy: orders, limit: fc.nat({ max: 2 }) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Query>
  const meaning = ({ where = {}, orderBy, limit }: Query) => ({
    where,
    orderBy: orderColumns(orderBy),
    limit,
  })
  fc.assert(
    fc.property(queries, queries, (a, b) => {
      const isSame = fc.stringify(sortKeys(meaning(a))) === fc.stringify(sortKeys(meaning(b)))
      expect(queryKey(a) === queryKey(b)).toBe(isSame)
      expect(queryKey(reverseKeys(a) as Query)).toBe(queryKey(a))
    }),
    { numRuns: 1_000 },
  )
})

type Entries = [string, unknown][]
const sortKeys = (value: unknown): unknown => eachObject(value, (entries) => entries.sort())
const reverseKeys = (value: unknown): unknown => eachObject(value, (entries) => entries.reverse())

function eachObject(value: unknown, change: (entries: Entries) => Entries): unknown {
  if (Array.isArray(value)) return value.map((part) => eachObject(part, change))
  // -0 is 0 in every comparison.
  if (Object.is(value, -0)) return 0
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const entries = Object.entries(value).map(([name, part]): [string, unknown] => [
    name,
    eachObject(part, change),
  ])
  return Object.fromEntries(change(entries))
}
