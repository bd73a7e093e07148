import fc from 'fast-check'
import { z } from 'zod'
import type { Columns } from '../src/base/json.js'
import type { OrderBy, Where } from '../src/query/query.js'
import { defineTable } from '../src/schema/defineTable.js'
import type { Table } from '../src/schema/table.js'

const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})
const whole = z.codec(z.int(), z.bigint(), { decode: BigInt, encode: Number })

/** A column of every kind that a query can meet. */
const row = z.object({
  id: z.string(),
  team: z.string(),
  name: z.string().nullable(),
  n: z.number().nullable(),
  at: instant.nullable(),
  done: z.boolean().nullable(),
  big: whole.nullable(),
  data: z.json(),
})
const indexes = ['name', 'n', 'at', 'done', 'big', '[team+n]', '[team+at]', '[team+name+n]']

export const things: Table = defineTable({ name: 'things', row, key: 'id', indexes }) as unknown as Table
/** The same with a key of two columns. */
export const shared: Table = defineTable({
  name: 'shared',
  row,
  key: ['team', 'id'],
  indexes,
}) as unknown as Table

export const thingsSql = `create table things (
  id text collate "C" primary key, team text collate "C" not null, name text collate "C",
  n float8, at timestamptz, done boolean, big int8, data jsonb
)`

const odd = [
  '',
  ' ',
  'a',
  'A',
  'b',
  'ab',
  'null',
  'a,b',
  '(a)',
  '"',
  '\\',
  '\\"',
  'a.eq.b',
  'not.and(',
  '{a}',
  'é',
  '%*',
]
/** Few different values, so that rows and conditions often meet. */
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  id: fc.constantFrom('1', '2', '3', '10'),
  team: fc.constantFrom('red', 'blue', ''),
  name: fc.oneof(fc.constantFrom(...odd), fc.string({ maxLength: 3 })),
  n: fc.constantFrom(-1, -0.5, 0, 1, 2, 1e21),
  at: fc.integer({ min: 0, max: 4 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day))),
  done: fc.boolean(),
  big: fc.bigInt({ min: -2n, max: 3n }),
  data: fc.oneof(
    fc.constantFrom(0, 1, 'a', true),
    fc.array(fc.constantFrom(1, 'a', null), { maxLength: 2 }),
    fc.record({ x: fc.constantFrom(1, null), y: fc.constantFrom('b') }, { requiredKeys: [] }),
  ),
}
const valueOf = (column: string): fc.Arbitrary<unknown> => values[column] ?? fc.constant(null)

const mayBeNull = ['name', 'n', 'at', 'done', 'big', 'data']
/** Rows whose ids are different. */
export const rows: fc.Arbitrary<Columns[]> = fc
  .array(
    fc.record({
      ...Object.fromEntries(['id', 'team'].map((column) => [column, valueOf(column)])),
      ...Object.fromEntries(
        mayBeNull.map((column) => [column, fc.option(valueOf(column), { freq: 4, nil: null })]),
      ),
    }) as fc.Arbitrary<Columns>,
    { maxLength: 24 },
  )
  .map((list) => list.map((one, at) => ({ ...one, id: `${String(one['id'])}-${at}` })))

/** Values to compare with lie beyond those of the rows, too. */
const operandOf = (column: string): fc.Arbitrary<unknown> => {
  if (column === 'id')
    return fc.tuple(valueOf('id'), fc.nat({ max: 9 })).map(([id, at]) => `${String(id)}-${at}`)
  return column === 'n' ? fc.oneof(valueOf('n'), fc.constantFrom(Infinity, -Infinity, -0)) : valueOf(column)
}

function test(column: string): fc.Arbitrary<unknown> {
  const value = operandOf(column)
  const ordered = fc.record({ gt: value, gte: value, lt: value, lte: value }, { requiredKeys: [] })
  const list = fc.array(value, { maxLength: 3 })
  const plain = [
    value.map((eq) => (column === 'data' ? { eq } : eq)),
    fc.constant(null),
    fc.constant({ eq: null }),
    fc.record({ ne: value }),
    fc.record({ in: list }),
    fc.record({ in: list, ne: value, eq: value }, { requiredKeys: ['in'] }),
  ]
  const isOrdered = column !== 'data'
  return isOrdered
    ? fc.oneof(...plain, ordered.filter(hasOperator), fc.tuple(ordered, fc.record({ ne: value })).map(merge))
    : fc.oneof(...plain)
}
const hasOperator = (condition: object): boolean => Object.keys(condition).length > 0
const merge = (parts: readonly object[]): object => Object.assign({}, ...parts) as object

/** Tests on just these columns. */
export const testsOn = (columns: readonly string[]): fc.Arbitrary<Where> =>
  fc.record(Object.fromEntries(columns.map((column) => [column, test(column)]))) as fc.Arbitrary<Where>

/** Not all columns at once: such questions have no answers. */
const fewTests = fc.subarray(Object.keys(values), { maxLength: 3 }).chain(testsOn)

/** Any where, nested up to a few levels. */
export const wheres: fc.Arbitrary<Where> = fc.letrec<{ where: Where }>((tie) => ({
  where: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fewTests,
    fc
      .record(
        {
          columns: fewTests,
          and: fc.array(tie('where'), { maxLength: 2 }),
          or: fc.array(tie('where'), { maxLength: 3 }),
          not: tie('where'),
        },
        { requiredKeys: ['columns'] },
      )
      .map(({ columns, ...logic }) => ({ ...columns, ...logic }) as Where),
  ) as fc.Arbitrary<Where>,
})).where

const orderable = ['name', 'n', 'at', 'done', 'big', 'team']
/** Any order of columns, said in any of the ways. */
export const orders: fc.Arbitrary<OrderBy | undefined> = fc
  .array(fc.tuple(fc.constantFrom(...orderable), fc.constantFrom('asc' as const, 'desc' as const)), {
    maxLength: 3,
  })
  .map((parts) =>
    parts.length === 0
      ? undefined
      : parts.map(([column, way]) => (way === 'asc' ? column : { [column]: way })),
  )
