import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { completeInsert, decodeRow, encodeRow } from './codec.js'
import { defineSchema } from './defineSchema.js'
import { defineTable } from './defineTable.js'
import type { RowOf } from './table.js'

const isoDate = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

const calendars = defineTable({
  name: 'user_calendars',
  row: z.object({
    id: z.uuid(),
    user_id: z.uuid(),
    name: z.string().min(1),
    color: z.string().default('blue'),
    note: z.string().nullable(),
    seen: isoDate.nullable(),
    updated_at: z.iso.datetime({ offset: true }),
  }),
  key: 'id',
  owner: 'user_id',
  indexes: ['name', '[user_id+name]'],
})
const context = {
  userId: '7b1b1b1b-1b1b-4b1b-8b1b-1b1b1b1b1b1b',
  now: '2026-11-21T10:00:00.000Z',
  uuid: () => '9b1b1b1b-1b1b-4b1b-8b1b-1b1b1b1b1b1b',
}

test('the declaration gives the types of rows, inserts and keys', () => {
  type Row = RowOf<typeof calendars>
  expectTypeOf<Row['seen']>().toEqualTypeOf<Date | null>()
  type Types = NonNullable<(typeof calendars)['types']>
  expectTypeOf<Types['key']>().toEqualTypeOf<string>()
  const enough: Types['insert'] = { name: 'Work' }
  // @ts-expect-error a name has no default, so an insert must say it
  const tooLittle: Types['insert'] = { color: 'red' }
  expect([enough, tooLittle]).toHaveLength(2)
})

test('an insert is completed: key, owner, defaults, and stand-ins that are not sent', () => {
  const { row, local } = completeInsert(calendars, { name: 'Work' }, context)
  expect(row).toEqual({
    id: context.uuid(),
    user_id: context.userId,
    name: 'Work',
    color: 'blue',
    note: null,
    seen: null,
    updated_at: context.now,
  })
  expect([...local].sort()).toEqual(['note', 'seen', 'updated_at'])
})

test('codecs map server values to client values and back, unknown columns are kept', () => {
  const server = {
    ...completeInsert(calendars, { name: 'Work' }, context).row,
    seen: '2026-01-01T00:00:00.000Z',
    extra: 7,
  }
  const row = decodeRow(calendars, server)
  expect(row).toMatchObject({ seen: new Date('2026-01-01T00:00:00Z'), extra: 7 })
  expect(encodeRow(calendars, row)).toMatchObject({ seen: '2026-01-01T00:00:00.000Z' })
})

test('a row that does not fit is told with table, key and every issue', () => {
  const bad = { ...completeInsert(calendars, { name: '' }, context).row, color: 5 }
  expect(() => encodeRow(calendars, bad)).toThrowError(
    expect.objectContaining({
      code: 'row-invalid',
      table: 'user_calendars',
      key: context.uuid(),
      issues: [expect.objectContaining({ path: ['name'] }), expect.objectContaining({ path: ['color'] })],
    }),
  )
})

test('a declaration that names a column it does not have is refused', () => {
  expect(() =>
    defineTable({ name: 't', key: 'id', row: z.object({ id: z.string() }), indexes: ['nope'] }),
  ).toThrowError(expect.objectContaining({ code: 'schema-invalid', table: 't' }))
  expect(() => defineSchema({ version: 0, tables: {} })).toThrowError(
    expect.objectContaining({ code: 'schema-invalid' }),
  )
  expect(() => defineSchema({ version: 1, tables: { a: calendars, b: calendars } })).toThrowError(
    /user_calendars/,
  )
})
