import { expect, test } from 'vitest'
import { z } from 'zod'
import { days } from '../schema/days.js'
import { defineTable } from '../schema/defineTable.js'
import type { Table } from '../schema/table.js'
import { defaultRange, queryRange, rangeWhere, windowMs } from './window.js'

const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})
/** The same window on a column of another kind. */
const windowed = (at: z.ZodType): Table =>
  defineTable({
    name: 'events',
    row: z.object({ id: z.string(), at }),
    key: 'id',
    window: { on: 'at', before: days(2), after: days(3) },
  }) as unknown as Table
const kinds: readonly (readonly [kind: string, table: Table, of: (ms: number) => unknown])[] = [
  ['numbers', windowed(z.number()), (ms) => ms],
  ['dates', windowed(instant), (ms) => new Date(ms)],
  ['ISO text', windowed(z.iso.datetime({ offset: true })), (ms) => new Date(ms).toISOString()],
]
const [, byNumber] = kinds[0] ?? []
const plain = defineTable({ name: 'plain', row: z.object({ id: z.string() }), key: 'id' }) as unknown as Table
const noon = Date.UTC(2026, 5, 15, 12)
const day = Date.UTC(2026, 5, 15)

test.each(kinds)('a window of %s holds whole days around the present', (_, table) => {
  expect(defaultRange(table, noon)).toEqual([day - days(2), day + days(4)])
})

test.each(kinds)(
  'a question to a window of %s needs the days that it names, and what it leaves open is held',
  (_, table, of) => {
    const range = (at: object) => queryRange(table, { at } as object, noon)
    expect(range({ gte: of(day + days(10) + 1), lt: of(day + days(11)) })).toEqual([
      day + days(10),
      day + days(11),
    ])
    expect(range({ gte: of(day - days(9)) })).toEqual([day - days(9), day + days(4)])
    expect(range({ lte: of(day + days(9)) })).toEqual([day - days(2), day + days(9)])
    expect(range({ eq: of(day + days(9)) })).toEqual([day + days(9), day + days(9)])
  },
)

test('a question that says nothing of the column, or nothing that can be, needs no range', () => {
  const range = (where: object | undefined) => byNumber && queryRange(byNumber, where, noon)
  for (const where of [
    undefined,
    {},
    { id: 'x' },
    { or: [{ at: 1 }, { id: 'x' }] },
    { at: { gt: 9, lt: 1 } },
  ])
    expect(range(where)).toBeUndefined()
})

test.each(kinds)(
  'a range of %s is asked for in values of the column, and rows are found in it',
  (_, table, of) => {
    expect(rangeWhere(table, [day, noon])).toEqual({ at: { gte: of(day), lte: of(noon) } })
    expect(windowMs(table, { id: 'x', at: of(noon) })).toBe(noon)
    expect(windowMs(table, { id: 'x', at: null })).toBeNaN()
  },
)

test('a table without a window has no ranges', () => {
  expect([
    defaultRange(plain, noon),
    queryRange(plain, { id: 'x' }, noon),
    rangeWhere(plain, [0, 1]),
  ]).toEqual([undefined, undefined, {}])
  expect(windowMs(plain, { id: 'x' })).toBeNaN()
})
