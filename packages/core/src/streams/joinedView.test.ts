import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { edits } from '../../test/edits.js'
import { lists, makeWorld, tasks, type Tide } from '../../test/world.js'
import { view } from '../joinApi.js'

const open: Tide[] = []
async function started(): Promise<Tide> {
  const world = makeWorld()
  world.online$.next(false)
  const tide = world.tab()
  open.push(tide)
  await tide.start('user-a')
  return tide
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

/** Ids of tasks in the order in which their results were made. */
const made: string[] = []
const titled = view(tasks)
  .with('list', lists, ({ list_id }) => list_id)
  .with('twin', lists, (_, { list }) => (list?.title === 'a' ? '1' : null))
  .select((task, { list, twin, userId }) => {
    made.push(task.id)
    return { task, list, twin, userId }
  })

/** Streams of a join and of the tables that it reads, all loaded. */
async function watched(tide: Tide) {
  const streams = {
    joined: tide.view(titled).rows$({ orderBy: 'rank' }),
    few: tide.view(titled).rows$({ orderBy: 'rank', filter: ({ list }) => list !== null, limit: 2 }),
    one: tide.view(titled).row$('1'),
    tasks: tide.tables.tasks.rows$({ orderBy: 'rank' }),
    lists: tide.tables.lists.rows$(),
  }
  for (const stream of Object.values<{ subscribe(): unknown }>(streams)) stream.subscribe()
  await Promise.all(Object.values(streams).map((stream) => stream.ready))
  return streams
}
type Watched = Awaited<ReturnType<typeof watched>>

/** What the join should be, made anew. */
function naive(streams: Watched) {
  const find = (id: string) => streams.lists.current?.find((list) => list.id === id) ?? null
  return (streams.tasks.current ?? []).map((task) => {
    const list = find(task.list_id)
    return { task, list, twin: list?.title === 'a' ? find('1') : null, userId: 'user-a' }
  })
}

test('whatever is written, a join is that of all rows, and only what has changed is made again', async () => {
  const tide = await started()
  const streams = await watched(tide)
  await fc.assert(
    fc.asyncProperty(edits, async (list) => {
      for (const edit of list) {
        const before = new Map(streams.joined.current?.map((result) => [result.task.id, result]))
        made.length = 0
        await edit(tide)
        const expected = naive(streams)
        expect(streams.joined.current).toEqual(expected)
        expect(streams.few.current).toEqual(expected.filter((result) => result.list).slice(0, 2))
        expect(streams.one.current).toEqual(expected.find(({ task }) => task.id === '1') ?? null)
        const remade = streams.joined.current?.filter((result) => result !== before.get(result.task.id)) ?? []
        for (const { task, list, twin } of remade) {
          const old = before.get(task.id)
          expect(old && old.task === task && old.list === list && old.twin === twin).toBeFalsy()
        }
        expect(new Set(made)).toEqual(new Set(remade.map(({ task }) => task.id)))
      }
    }),
    { numRuns: 15 },
  )
})

test('a change of one list makes again the results that it is part of, and no other', async () => {
  const tide = await started()
  await tide.tables.lists.insert({ id: '1', title: 'Work' })
  await tide.tables.lists.insert({ id: '2', title: 'Home' })
  for (const [id, list_id] of [
    ['a', '1'],
    ['b', '2'],
    ['c', '1'],
    ['d', 'none'],
  ] as const)
    await tide.tables.tasks.insert({ id, list_id })
  const { joined } = await watched(tide)
  const before = joined.current ?? []
  made.length = 0
  await tide.tables.lists.update('1', { title: 'Office' })
  const after = joined.current ?? []
  expect(made).toEqual(['a', 'c'])
  expect(after.map(({ list }) => list?.title)).toEqual(['Office', 'Home', 'Office', undefined])
  expect([after[1], after[3]]).toEqual([before[1], before[3]])
  expect(after[1]).toBe(before[1])
})

test('a change that touches nothing of a join leaves its results the same objects', async () => {
  const tide = await started()
  await tide.tables.tasks.insert({ id: '1', list_id: 'none' })
  const { joined, one } = await watched(tide)
  const [before, row] = [joined.current, one.current]
  let told = 0
  one.subscribe(() => (told += 1))
  await tide.tables.lists.insert({ id: '9', title: 'Elsewhere' })
  expect(joined.current).toEqual(before)
  expect(joined.current?.[0]).toBe(before?.[0])
  expect(one.current).toBe(row)
  expect(told).toBe(1)
})
