import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  createTidemark,
  defineSchema,
  defineTable,
  type InsertOf,
  type Remote,
  type RowOf,
  type RowState,
  type Stream,
} from '../src/index.js'

const date = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (value) => value.toISOString(),
})
const event = z.object({
  id: z.string(),
  user_id: z.string(),
  title: z.string(),
  color: z.string().default('blue'),
  note: z.string().nullable(),
  tag: z.string().optional(),
  starts: date,
  starts_ms: z.number(),
  updated_at: z.string(),
})
const events = defineTable({
  name: 'events',
  row: event,
  key: 'id',
  owner: 'user_id',
  generated: ['starts_ms'],
  derive: (row) => ({ starts_ms: row.starts.getTime() }),
  window: { on: 'starts_ms', before: 1, after: 1 },
})
const members = defineTable({
  name: 'members',
  row: z.object({ event_id: z.string(), seat: z.number(), role: z.enum(['owner', 'guest']) }),
  key: ['event_id', 'seat'],
})
const schema = defineSchema({ version: 1, tables: { events, members } })
declare const remote: Remote
const tide = createTidemark({ name: 'types', schema, remote })
type EventRow = {
  id: string
  user_id: string
  title: string
  color: string
  note: string | null
  tag?: string | undefined
  starts: Date
  starts_ms: number
  updated_at: string
}

test('a row is what the declaration decodes to', () => {
  expectTypeOf<RowOf<typeof events>>().toEqualTypeOf<EventRow>()
  expectTypeOf<RowOf<typeof members>>().toEqualTypeOf<{
    event_id: string
    seat: number
    role: 'owner' | 'guest'
  }>()
})

test('streams emit visible rows, one row or none, and counts', () => {
  type Visible = Readonly<EventRow> & RowState
  expectTypeOf(tide.tables.events.rows$()).toEqualTypeOf<Stream<readonly Visible[]>>()
  expectTypeOf(tide.tables.events.row$('1')).toEqualTypeOf<Stream<Visible | null>>()
  expectTypeOf(tide.tables.events.row$('1').current).toEqualTypeOf<Visible | null | undefined>()
  expectTypeOf(tide.tables.members.count$()).toEqualTypeOf<Stream<number>>()
  expectTypeOf(tide.tables.events.get).returns.resolves.toEqualTypeOf<Visible | null>()
})

test('only declared tables are there', () => {
  expectTypeOf(tide.tables).toHaveProperty('events')
  expectTypeOf(tide.tables).not.toHaveProperty('nope')
})

test('an insert may leave out the key, the owner, what Postgres computes, defaults and nulls, and nothing else', () => {
  type Insert = InsertOf<typeof event, 'id' | 'user_id' | 'starts_ms'>
  expectTypeOf<Parameters<typeof tide.tables.events.insert>[0]>().toEqualTypeOf<Insert>()
  expectTypeOf<{ title: string; starts: Date }>().toExtend<Insert>()
  expectTypeOf<{ title: string }>().not.toExtend<Insert>()
  expectTypeOf<{ title: number; starts: Date }>().not.toExtend<Insert>()
  expectTypeOf<{ title: string; starts: string }>().not.toExtend<Insert>()
  // @ts-expect-error a column that is not declared
  void tide.tables.events.insert({ title: 'a', starts: new Date(), place: 'here' })
})

test('a key is the value of its column, or a tuple in the order of its columns', () => {
  expectTypeOf(tide.tables.events.row$).parameter(0).toEqualTypeOf<string>()
  expectTypeOf(tide.tables.members.row$).parameter(0).toEqualTypeOf<readonly [string, number]>()
  void tide.tables.members.delete(['e', 1])
  // @ts-expect-error the columns of the key the other way round
  void tide.tables.members.delete([1, 'e'])
  // @ts-expect-error one part of the key is no key
  void tide.tables.members.row$('e')
})

test('an update sets declared columns to values of their types', () => {
  void tide.tables.events.update('1', { title: 'a', note: null })
  // @ts-expect-error no such column
  void tide.tables.events.update('1', { place: 'here' })
  // @ts-expect-error a title is never null
  void tide.tables.events.update('1', { title: null })
})

test('a group writes to the same tables, and resolves with the result of its work', () => {
  const written = tide.write(async ({ tables }) => {
    const { id } = await tables.events.insert({ title: 'a', starts: new Date() })
    await tables.members.insert({ event_id: id, seat: 1, role: 'owner' })
    // @ts-expect-error no such role
    await tables.members.insert({ event_id: id, seat: 1, role: 'king' })
    return id
  })
  expectTypeOf(written).resolves.toEqualTypeOf<string>()
})

test('a declaration names only columns that it has', () => {
  const row = z.object({ id: z.string(), n: z.number() })
  defineTable({ name: 't', row, key: 'id', owner: 'id', generated: ['n'] })
  // @ts-expect-error the key
  defineTable({ name: 't', row, key: 'nope' })
  // @ts-expect-error the owner
  defineTable({ name: 't', row, key: 'id', owner: 'nope' })
  // @ts-expect-error a generated column
  defineTable({ name: 't', row, key: 'id', generated: ['nope'] })
  // @ts-expect-error the column of the window
  defineTable({ name: 't', row, key: 'id', window: { on: 'nope', before: 1, after: 1 } })
  // @ts-expect-error a derived column
  defineTable({ name: 't', row, key: 'id', derive: () => ({ nope: 1 }) })
})

test('guards and conflict functions know the row', () => {
  defineTable({
    name: 't',
    row: event,
    key: 'id',
    guards: {
      insert: (row) => (expectTypeOf(row).toEqualTypeOf<EventRow>(), undefined),
      update: (row, patch) => (
        expectTypeOf(row).toEqualTypeOf<EventRow>(),
        expectTypeOf(patch).toEqualTypeOf<Partial<EventRow>>(),
        undefined
      ),
    },
    conflict: (base, local, server) => {
      expectTypeOf([base, local, server]).toEqualTypeOf<EventRow[]>()
      return server
    },
  })
})
