import {
  view,
  type Mutation,
  type Parked,
  type RowOf,
  type RowState,
  type Status,
  type Stream,
} from '@tidemark/core'
import type { Readable } from 'svelte/store'
import { expectTypeOf, test } from 'vitest'
import { lists as declared, type Tide } from '../../core/test/world.js'
import { count, live, outbox, row, rows, status, toStore, write, type Live } from '../src/index.js'

declare const tide: Tide
const { lists } = tide.tables
type Row = RowOf<typeof declared>
type List = Readonly<Row> & RowState

test('rows, row and count have the types of the table', () => {
  expectTypeOf(rows(lists)).toEqualTypeOf<Live<readonly List[]>>()
  expectTypeOf(rows(lists).current).toEqualTypeOf<readonly List[] | undefined>()
  expectTypeOf(row(lists, 'l1')).toEqualTypeOf<Live<List | null>>()
  expectTypeOf(count(lists)).toEqualTypeOf<Live<number>>()
})

test('a question may be plain or a function of state, and names declared columns', () => {
  expectTypeOf(rows(lists, { where: { color: 'red' }, orderBy: 'title' })).toEqualTypeOf<
    Live<readonly List[]>
  >()
  expectTypeOf(rows(lists, () => ({ where: { color: 'red' }, limit: 3 }))).toEqualTypeOf<
    Live<readonly List[]>
  >()
  expectTypeOf(count(lists, () => ({ where: { color: 'red' } }))).toEqualTypeOf<Live<number>>()
  // @ts-expect-error no such column
  rows(lists, { where: { nope: 1 } })
  // @ts-expect-error no such column to order by
  rows(lists, { orderBy: 'nope' })
  // @ts-expect-error a color is text
  rows(lists, () => ({ where: { color: 1 } }))
  // @ts-expect-error no such column
  count(lists, { where: { nope: 1 } })
})

test('a key is that of the table, plain or a function of state', () => {
  row(lists, () => 'l1')
  // @ts-expect-error a key of lists is text
  row(lists, 7)
  // @ts-expect-error a key of lists is text
  row(lists, () => 7)
})

test('a join is followed like a table', () => {
  const titles = tide.view(view(declared).select(({ title }) => ({ title })))
  type Result = { title: string }
  expectTypeOf(rows(titles, { where: { color: 'red' } })).toEqualTypeOf<Live<readonly Result[]>>()
  expectTypeOf(row(titles, 'l1')).toEqualTypeOf<Live<Result | null>>()
  // @ts-expect-error no such column
  rows(titles, { where: { nope: 1 } })
})

test('status, outbox, streams and stores', () => {
  expectTypeOf(status(tide)).toEqualTypeOf<Live<Status>>()
  expectTypeOf(outbox(tide).pending).toEqualTypeOf<readonly Mutation[]>()
  expectTypeOf(outbox(tide).parked).toEqualTypeOf<readonly Parked[]>()
  expectTypeOf(live({} as Stream<Date>)).toEqualTypeOf<Live<Date>>()
  expectTypeOf(live(() => ({}) as Stream<Date>)).toEqualTypeOf<Live<Date>>()
  expectTypeOf(toStore(lists.count$())).toEqualTypeOf<Readable<number | undefined>>()
})

test('a bound write takes what the write takes, and resolves with its result or nothing', () => {
  const rename = write((id: string, title: string) => lists.update(id, { title }))
  expectTypeOf(rename.run).parameters.toEqualTypeOf<[string, string]>()
  expectTypeOf(rename.run).returns.resolves.toEqualTypeOf<Row | undefined>()
  expectTypeOf(rename.running).toEqualTypeOf<boolean>()
  // @ts-expect-error the title is missing
  void rename.run('l1')
})
