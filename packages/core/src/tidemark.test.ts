import 'fake-indexeddb/auto'
import { afterEach, expect, test } from 'vitest'
import { expired, MemoryRemote, offline, refused } from '../test/memoryRemote.js'
import { lists, makeWorld, tasks, until, type Tide } from '../test/world.js'

const open: Tide[] = []
async function started(world = makeWorld(), user = 'user-a'): Promise<Tide> {
  const tide = world.tab()
  open.push(tide)
  await tide.start(user)
  return tide
}
const synced = (tide: Tide) => until('everything is synced', () => tide.status$.current?.name === 'synced')
const keep = (stream: { subscribe(): { unsubscribe(): void } }) => stream.subscribe()

afterEach(async () => {
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

test('R1: a stream emits from local data while the server does not answer', async () => {
  const world = makeWorld()
  const first = await started(world)
  await first.tables.lists.insert({ id: 'l1', title: 'Work' })
  await synced(first)
  await first.stop()
  world.remote.before = () => new Promise(() => undefined)
  const second = await started(world)
  expect(await second.tables.lists.rows$().ready).toMatchObject([{ id: 'l1', title: 'Work' }])
})

test('R2: a write shows in every stream when the call returns, is told once a turn, and resolves when durable', async () => {
  const world = makeWorld()
  world.online$.next(false)
  const tide = await started(world)
  const all = tide.tables.lists.rows$({ orderBy: 'title' })
  const count = tide.tables.lists.count$()
  const emissions: number[] = []
  all.subscribe((rows) => emissions.push(rows.length))
  keep(count)
  await Promise.all([all.ready, count.ready])
  const writes = Array.from({ length: 1_000 }, (_, index) =>
    tide.tables.lists.insert({ id: `l${index}`, title: `List ${index}` }),
  )
  expect(all.current).toHaveLength(1_000)
  expect(count.current).toBe(1_000)
  expect(all.current?.[0]).toMatchObject({ _pending: true, color: 'blue', user_id: 'user-a' })
  await Promise.all(writes)
  expect(emissions).toEqual([0, 1_000])
})

test('1,000 offline writes in one turn reach the server in at most 10 requests', async () => {
  const world = makeWorld()
  world.online$.next(false)
  const tide = await started(world)
  await Promise.all(
    Array.from({ length: 1_000 }, (_, index) =>
      tide.tables.lists.insert({ id: `l${index}`, title: `List ${index}` }),
    ),
  )
  world.remote.requests.length = 0
  world.online$.next(true)
  await synced(tide)
  expect(world.remote.rows('lists').size).toBe(1_000)
  expect(world.remote.requests.filter((request) => request.startsWith('insert')).length).toBeLessThanOrEqual(
    10,
  )
  expect(tide.status$.current).toMatchObject({ pending: 0 })
})

test('an invalid row is refused with a typed error and nothing is stored', async () => {
  const tide = await started()
  const rows = tide.tables.lists.rows$()
  keep(rows)
  await rows.ready
  await expect(tide.tables.lists.insert({ title: '' })).rejects.toMatchObject({
    code: 'row-invalid',
    table: 'lists',
  })
  expect(rows.current).toEqual([])
  expect(tide.outbox.pending$.current).toEqual([])
})

test('guards and owners are checked before anything is stored', async () => {
  const tide = await started()
  await tide.tables.lists.insert({ id: 'inbox', title: 'Inbox' })
  await expect(tide.tables.lists.delete('inbox')).rejects.toMatchObject({
    code: 'guarded',
    message: 'The inbox cannot be deleted.',
  })
  await expect(
    tide.tables.lists.insert({ id: 'x', title: 'Theirs', user_id: 'user-b' }),
  ).rejects.toMatchObject({ code: 'not-owner' })
  await expect(tide.tables.lists.update('nope', { title: 'x' })).rejects.toMatchObject({
    code: 'row-missing',
    key: 'nope',
  })
})

test('a row that is there is not inserted again, and a key does not change', async () => {
  const tide = await started()
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await expect(tide.tables.lists.insert({ id: 'l1', title: 'Again' })).rejects.toMatchObject({
    code: 'row-exists',
    table: 'lists',
    key: 'l1',
  })
  await expect(tide.tables.lists.update('l1', { id: 'l2' })).rejects.toMatchObject({ code: 'key-changed' })
  await tide.tables.lists.upsert({ id: 'l1', title: 'Updated' })
  expect(await tide.tables.lists.get('l1')).toMatchObject({ title: 'Updated' })
})

test('R3: an event from the server keeps the pending patch on top', async () => {
  const world = makeWorld()
  const tide = await started(world)
  const stored = world.remote.put(lists, { id: 'l1', user_id: 'user-a', title: 'Old', color: 'blue' })
  const row = tide.tables.lists.row$('l1')
  keep(row)
  await until('the row is here', () => row.current != null)
  world.remote.before = (method) => {
    if (method === 'update') throw offline()
  }
  await tide.tables.lists.update('l1', { title: 'Mine' })
  world.remote.put(lists, { ...stored, title: 'Theirs', color: 'red' })
  await until('the event is applied', () => row.current?.color === 'red')
  expect(row.current).toMatchObject({ title: 'Mine', color: 'red', _pending: true })
})

test('R4, R5: an insert whose answer was lost is done once and recognised', async () => {
  const world = makeWorld()
  const tide = await started(world)
  await synced(tide)
  let lost = false
  world.remote.after = (method) => {
    if (method === 'insert' && !lost) {
      lost = true
      throw offline()
    }
  }
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await synced(tide)
  expect([...world.remote.rows('lists').keys()]).toEqual(['l1'])
  expect(tide.status$.current).toMatchObject({ pending: 0, parked: 0 })
})

test('R5: a refusal in the middle is parked and rolled back, and the rest goes through', async () => {
  const world = makeWorld()
  world.online$.next(false)
  const tide = await started(world)
  const rows = tide.tables.lists.rows$({ orderBy: 'id' })
  keep(rows)
  for (const id of ['a', 'b', 'c', 'd', 'e']) void tide.tables.lists.insert({ id, title: id })
  await tide.tables.tasks.insert({ id: 't', list_id: 'c' })
  await tide.tables.tasks.insert({ id: 'u', list_id: 'd' })
  world.remote.before = (method, _table, body) => {
    if (method === 'insert' && (body as { id: string }[]).some(({ id }) => id === 'c')) throw refused()
  }
  world.online$.next(true)
  await synced(tide)
  expect([...world.remote.rows('lists').keys()].sort()).toEqual(['a', 'b', 'd', 'e'])
  expect([...world.remote.rows('tasks').keys()]).toEqual(['u'])
  expect(rows.current?.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e'])
  expect(tide.outbox.parked$.current).toMatchObject([
    { mutation: { key: 'c' }, error: { code: 'refused', serverCode: '23514' }, waiting: [{ key: 't' }] },
  ])

  world.remote.before = () => undefined
  const [parked] = tide.outbox.parked$.current ?? []
  await tide.outbox.edit(parked?.id ?? '', { title: 'C, corrected' })
  await synced(tide)
  expect(world.remote.rows('lists').get('c')).toMatchObject({ title: 'C, corrected' })
  expect(world.remote.rows('tasks').has('t')).toBe(true)
  expect(tide.status$.current).toMatchObject({ parked: 0 })
})

test('R5: an update that the server hides is refused, parked, shown on the row and rolled back', async () => {
  const world = makeWorld()
  const tide = await started(world)
  world.remote.put(tasks, { id: 't1', list_id: 'l', done: false, rank: 1 })
  const row = tide.tables.tasks.row$('t1')
  keep(row)
  await until('the row is here', () => row.current != null)
  const update = world.remote.update
  world.remote.update = () => Promise.resolve([])
  await tide.tables.tasks.update('t1', { done: true })
  await until('it is parked', () => tide.outbox.parked$.current?.length === 1)
  expect(row.current).toMatchObject({ done: false, _error: { code: 'hidden' } })
  expect(row.current?._pending).toBeUndefined()
  world.remote.update = update
  await tide.outbox.retry(tide.outbox.parked$.current?.[0]?.id ?? '')
  await synced(tide)
  expect(row.current).toMatchObject({ done: true })
  expect(row.current?._error).toBeUndefined()
})

test('R6: rows that were deleted while it was away go, rows that the cursor missed come', async () => {
  const world = makeWorld()
  const tide = await started(world)
  for (const id of ['t1', 't2']) world.remote.put(tasks, { id, list_id: 'l', done: false, rank: 1 })
  const rows = tide.tables.tasks.rows$({ orderBy: 'id' })
  keep(rows)
  await until('both are here', () => rows.current?.length === 2)
  world.online$.next(false)
  world.remote.drop(tasks, 't1', false)
  world.remote
    .rows('tasks')
    .set('t3', { id: 't3', list_id: 'l', done: false, rank: 1, updated_at: '2020-01-01T00:00:00Z' })
  world.online$.next(true)
  await until('both sides are equal', () => rows.current?.map(({ id }) => id).join() === 't2,t3')
})

test('R7: the second user of a browser reads nothing of the first, whose pending writes survive until they return', async () => {
  const world = makeWorld()
  world.online$.next(false)
  const tide = await started(world)
  const rows = tide.tables.lists.rows$()
  keep(rows)
  await tide.tables.lists.insert({ id: 'l1', title: 'Secret' })
  expect(rows.current).toHaveLength(1)
  await tide.signOut({ pending: 'keep' })
  expect(rows.current).toBeUndefined()
  await tide.start('user-b')
  expect(await rows.ready).toEqual([])
  await tide.start('user-a')
  expect(await rows.ready).toMatchObject([{ title: 'Secret', _pending: true }])
  const names = (await indexedDB.databases()).map(({ name }) => name)
  expect(names.some((name) => name?.includes('user-a'))).toBe(false)
})

test('R8: an expired session pauses the push, keeps accepting writes, and goes on after sign-in', async () => {
  const world = makeWorld()
  const tide = await started(world)
  await synced(tide)
  world.remote.before = () => {
    throw expired()
  }
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await until('it asks to sign in', () => tide.status$.current?.name === 'needs-sign-in')
  expect(world.remote.refreshes).toBeGreaterThan(0)
  await tide.tables.lists.insert({ id: 'l2', title: 'More' })
  expect(tide.status$.current).toMatchObject({ name: 'needs-sign-in', reason: 'expired', pending: 2 })
  world.remote.before = () => undefined
  world.remote.session$.next('user-a')
  await synced(tide)
  expect(world.remote.rows('lists').size).toBe(2)
})

test('R9: two tabs show the same rows, and what either writes is sent once', async () => {
  const world = makeWorld()
  const [a, b] = [await started(world), await started(world)]
  const [rowsA, rowsB] = [a.tables.lists.rows$({ orderBy: 'id' }), b.tables.lists.rows$({ orderBy: 'id' })]
  keep(rowsA)
  keep(rowsB)
  await Promise.all([rowsA.ready, rowsB.ready])
  await Promise.all([
    a.tables.lists.insert({ id: 'a', title: 'A' }),
    b.tables.lists.insert({ id: 'b', title: 'B' }),
  ])
  await until('both are sent', () => world.remote.rows('lists').size === 2)
  await until('both tabs are settled', () =>
    [rowsA, rowsB].every(({ current }) => current?.length === 2 && current.every((row) => !row._pending)),
  )
  expect(world.remote.requests.filter((request) => request === 'insert lists').length).toBeLessThanOrEqual(2)
})

test('a tab that ends between write and push loses nothing: the next one sends it', async () => {
  const world = makeWorld()
  world.online$.next(false)
  const first = await started(world)
  await first.tables.lists.insert({ id: 'l1', title: 'Work' })
  await first.stop()
  world.online$.next(true)
  await synced(await started(world))
  expect(world.remote.rows('lists').has('l1')).toBe(true)
})

test('a row of the server that does not fit is quarantined, and the pull goes on', async () => {
  const world = makeWorld()
  world.remote.put(tasks, { id: 'bad', list_id: 'l', done: 'perhaps', rank: 1 }, false)
  const good = world.remote.put(tasks, { id: 'good', list_id: 'l', done: false, rank: 1 }, false)
  const tide = await started(world)
  await synced(tide)
  expect(await tide.tables.tasks.rows$().ready).toMatchObject([{ id: 'good' }])
  expect(tide.status$.current).toMatchObject({ quarantined: 1 })
  world.remote.put(tasks, { ...good, id: 'bad' })
  await until('it fits now', () => (tide.status$.current as { quarantined?: number }).quarantined === 0)
})

test('a group is visible, stored and refused together', async () => {
  const world = makeWorld()
  const tide = await started(world)
  await synced(tide)
  const [all, done] = [tide.tables.lists.rows$(), tide.tables.tasks.rows$()]
  keep(all)
  keep(done)
  await Promise.all([all.ready, done.ready])
  await expect(
    tide.write(async ({ tables }) => {
      await tables.lists.insert({ id: 'l1', title: 'Work' })
      await tables.tasks.insert({ id: 't1', list_id: 'l1', rank: 'high' as never })
    }),
  ).rejects.toMatchObject({ code: 'row-invalid' })
  expect(all.current).toEqual([])
  world.remote.before = (method, table) => {
    if (method === 'insert' && table === 'tasks') throw refused()
  }
  await tide.write(async ({ tables }) => {
    const { id } = await tables.lists.insert({ title: 'Work' })
    await tables.tasks.insert({ id: 't1', list_id: id })
    await tables.tasks.update('t1', { rank: 3 })
  })
  await synced(tide)
  expect(tide.outbox.parked$.current).toMatchObject([{ mutation: { key: 't1', patch: { rank: 3 } } }])
  expect(done.current).toEqual([])
})

test('a schema upgrade keeps the outbox and fetches the rows again', async () => {
  const world = makeWorld()
  const first = await started(world)
  world.remote.put(lists, { id: 'l1', user_id: 'user-a', title: 'Old', color: 'blue' })
  await synced(first)
  world.online$.next(false)
  await first.tables.lists.insert({ id: 'l2', title: 'Pending' })
  await first.stop()
  const { createTidemark, defineSchema } = await import('./index.js')
  const next = createTidemark({
    name: world.name,
    remote: world.remote,
    ports: world.ports,
    schema: defineSchema({ version: 2, tables: { lists } }),
  })
  await next.start('user-a')
  expect(await next.tables.lists.rows$().ready).toMatchObject([{ id: 'l2', _pending: true }])
  world.online$.next(true)
  await until('all is here and sent', () => next.status$.current?.name === 'synced')
  expect((await next.tables.lists.rows$({ orderBy: 'id' }).ready).map(({ id }) => id)).toEqual(['l1', 'l2'])
  await next.stop()
})

test('the server gone for a while: writes wait, are retried with backoff, and arrive', async () => {
  const world = makeWorld(new MemoryRemote())
  const tide = await started(world)
  let failures = 3
  world.remote.before = () => {
    if (failures-- > 0) throw offline()
  }
  await tide.tables.lists.insert({ id: 'l1', title: 'Work' })
  await synced(tide)
  expect(world.remote.rows('lists').has('l1')).toBe(true)
})
