import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { edits } from '../../test/edits.js'
import { lists, makeWorld, type Tide } from '../../test/world.js'
import { compileOrder } from '../query/order.js'
import { compilePredicate } from '../query/predicate.js'
import type { Query } from '../query/query.js'
import type { Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import { Turn } from './cell.js'
import { View } from './view.js'

const open: Tide[] = []
/** A device without a network: everything that it shows is its own. */
async function started(): Promise<Tide> {
  const world = makeWorld()
  world.online$.next(false)
  const tide = world.tab()
  open.push(tide)
  await tide.start('user-a')
  return tide
}

const keep = (stream: { subscribe(): unknown }) => stream.subscribe()

afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

const queries: readonly Query[] = [
  {},
  { orderBy: { rank: 'desc' }, limit: 2 },
  { where: { done: true }, orderBy: 'rank' },
  { where: { or: [{ rank: { gt: 1 } }, { list_id: '1' }] }, orderBy: ['list_id'], limit: 1 },
]
const answer = (rows: readonly object[], { where, orderBy, limit = Infinity }: Query): object[] =>
  (rows as readonly Record<string, unknown>[])
    .filter(compilePredicate(where))
    .sort(compileOrder(orderBy, ['id']))
    .slice(0, limit)

test('whatever is written, a view shows what its question asks of all rows, limits refilled', async () => {
  const tide = await started()
  const { tasks } = tide.tables
  const all = tasks.rows$()
  keep(all)
  const asked = queries.map((query) => ({
    query,
    stream: tasks.rows$(query as object),
    count: tasks.count$(query as object),
  }))
  for (const { stream, count } of asked) [stream, count].forEach(keep)
  await Promise.all([all.ready, ...asked.flatMap(({ stream, count }) => [stream.ready, count.ready])])
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      for (const edit of list) {
        await edit(tide)
        for (const { query, stream, count } of asked) {
          expect(stream.current).toEqual(answer(all.current ?? [], query))
          expect(count.current).toBe(answer(all.current ?? [], { ...query, limit: Infinity }).length)
        }
      }
    }),
    { numRuns: 15 },
  )
})

test('a change is told of with its row: a view that is loaded reads nothing more', async () => {
  const tide = await started()
  const { lists } = tide.tables
  for (const id of ['1', '2', '3']) await lists.insert({ id, title: `List ${id}` })
  const reads = ['get', 'getAll', 'openCursor'] as const
  const spies = [IDBObjectStore, IDBIndex].flatMap(({ prototype }) =>
    reads.map((name) => vi.spyOn(prototype, name)),
  )
  const first = lists.rows$({ orderBy: 'title', limit: 2 })
  keep(first)
  await first.ready
  expect(spies.flatMap(({ mock }) => mock.calls)).not.toEqual([])
  for (const spy of spies) spy.mockClear()
  await lists.delete('1')
  expect(first.current?.map(({ id }) => id)).toEqual(['2', '3'])
  await lists.update('3', { title: 'Also' })
  expect(first.current?.map(({ id }) => id)).toEqual(['3', '2'])
  expect(spies.flatMap(({ mock }) => mock.calls)).toEqual([])
})

test('rows that did not change stay the same objects', async () => {
  const tide = await started()
  const { lists } = tide.tables
  for (const id of ['1', '2']) await lists.insert({ id, title: `List ${id}` })
  const rows = lists.rows$({ orderBy: 'id' })
  keep(rows)
  const before = await rows.ready
  await lists.update('2', { title: 'Other' })
  expect(rows.current?.[0]).toBe(before[0])
  expect(rows.current?.[1]).not.toBe(before[1])
  expect(before[1]).toMatchObject({ title: 'List 2' })
})

test('what is written while a view is being read is in it when it is ready', async () => {
  const tide = await started()
  const { lists } = tide.tables
  await lists.insert({ id: '1', title: 'Stored' })
  const rows = lists.rows$({ orderBy: 'id' })
  const ready = rows.ready
  void lists.insert({ id: '2', title: 'Meanwhile' })
  const gone = lists.delete('1')
  expect((await ready).map(({ id }) => id)).toEqual(['2'])
  await gone
})

test('a change that comes after the rows were read, and before the view has them, is not lost', async () => {
  const stored = [
    { id: '1', title: 'a' },
    { id: '2', title: 'b' },
  ]
  // The moment between the two cannot be met on a real database.
  const store = { read: () => Promise.resolve(stored) }
  const opened = new View(store as unknown as Store, new Turn(), lists as unknown as Table, { orderBy: 'id' })
  opened.apply([{ table: 'lists', id: '1', row: null }])
  opened.apply([{ table: 'lists', id: '3', row: { id: '3', title: 'c' } }])
  expect(opened.current).toBeUndefined()
  await opened.ready
  expect(opened.current?.map(({ id }) => id)).toEqual(['2', '3'])
})
