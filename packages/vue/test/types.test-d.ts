import {
  view,
  type Mutation,
  type Parked,
  type RowOf,
  type RowState,
  type Status,
  type Stream,
} from '@tidemark/core'
import { expectTypeOf, test } from 'vitest'
import { ref, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { lists as declared, type Tide } from '../../core/test/world.js'
import { useCount, useOutbox, useRow, useRows, useStatus, useStream, useWrite } from '../src/index.js'

declare const tide: Tide
const { lists } = tide.tables
type Row = RowOf<typeof declared>
type List = Readonly<Row> & RowState
type Following<T> = Readonly<ShallowRef<T | undefined>>

test('rows, row and count have the types of the table', () => {
  expectTypeOf(useRows(lists)).toEqualTypeOf<Following<readonly List[]>>()
  expectTypeOf(useRows(lists).value).toEqualTypeOf<readonly List[] | undefined>()
  expectTypeOf(useRow(lists, 'l1')).toEqualTypeOf<Following<List | null>>()
  expectTypeOf(useCount(lists)).toEqualTypeOf<Following<number>>()
})

test('a question may be plain, a ref or a getter, and names declared columns', () => {
  expectTypeOf(useRows(lists, { where: { color: 'red' }, orderBy: 'title' })).toEqualTypeOf<
    Following<readonly List[]>
  >()
  expectTypeOf(useRows(lists, () => ({ where: { color: 'red' }, limit: 3 }))).toEqualTypeOf<
    Following<readonly List[]>
  >()
  expectTypeOf(useCount(lists, () => ({ where: { color: 'red' } }))).toEqualTypeOf<Following<number>>()
  // @ts-expect-error no such column
  useRows(lists, { where: { nope: 1 } })
  // @ts-expect-error no such column to order by
  useRows(lists, { orderBy: 'nope' })
  expectTypeOf(useRows(lists, ref({ where: { color: 'red' } }))).toEqualTypeOf<Following<readonly List[]>>()
  // @ts-expect-error a color is text
  useRows(lists, () => ({ where: { color: 1 } }))
  // @ts-expect-error no such column
  useCount(lists, { where: { nope: 1 } })
})

test('a key is that of the table, plain, a ref or a getter', () => {
  useRow(lists, () => 'l1')
  useRow(lists, ref('l1'))
  // @ts-expect-error a key of lists is text
  useRow(lists, 7)
  // @ts-expect-error a key of lists is text
  useRow(lists, () => 7)
})

test('a join is followed like a table', () => {
  const titles = tide.view(view(declared).select(({ title }) => ({ title })))
  type Result = { title: string }
  expectTypeOf(useRows(titles, { where: { color: 'red' } })).toEqualTypeOf<Following<readonly Result[]>>()
  expectTypeOf(useRow(titles, 'l1')).toEqualTypeOf<Following<Result | null>>()
  // @ts-expect-error no such column
  useRows(titles, { where: { nope: 1 } })
})

test('status, outbox and streams', () => {
  expectTypeOf(useStatus(tide)).toEqualTypeOf<Following<Status>>()
  expectTypeOf(useOutbox(tide).pending).toEqualTypeOf<ComputedRef<readonly Mutation[]>>()
  expectTypeOf(useOutbox(tide).parked).toEqualTypeOf<ComputedRef<readonly Parked[]>>()
  expectTypeOf(useStream({} as Stream<Date>)).toEqualTypeOf<Following<Date>>()
  expectTypeOf(useStream(() => ({}) as Stream<Date>)).toEqualTypeOf<Following<Date>>()
})

test('a bound write takes what the write takes, and resolves with its result or nothing', () => {
  const rename = useWrite((id: string, title: string) => lists.update(id, { title }))
  expectTypeOf(rename.run).parameters.toEqualTypeOf<[string, string]>()
  expectTypeOf(rename.run).returns.resolves.toEqualTypeOf<Row | undefined>()
  expectTypeOf(rename.running).toEqualTypeOf<Readonly<Ref<boolean>>>()
  // @ts-expect-error the title is missing
  void rename.run('l1')
})
