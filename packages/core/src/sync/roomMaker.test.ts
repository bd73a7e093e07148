import 'fake-indexeddb/auto'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { makeWorld, until } from '../../test/world.js'
import { putDay, startWindowTab } from '../../test/windowWorld.js'

afterEach(() => vi.restoreAllMocks())

/** Timers run 25 times as fast: a view that nobody shows is gone after 200 ms, and other tabs are waited for for 8. */
const speed = 25
const lingered = () => new Promise((resolve) => setTimeout(resolve, 300))

/**
 * The disk is full, so that nothing at all can be put. What is added to the outbox needs as much room as `cost` rows of events that
 * have been deleted before.
 */
function fillDisk(cost: number): void {
  let free = 0
  const { add, put } = IDBObjectStore.prototype
  const remove = IDBObjectStore.prototype.delete
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, key) {
    if (this.name === 'events') free += 1
    return remove.call(this, key)
  })
  const full = () => new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...record) {
    if (free === 0) throw full()
    return put.apply(this, record)
  })
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, value) {
    if (free < cost) throw full()
    free -= cost
    return add.call(this, value)
  })
}

/** A device that has shown the days -30, -20 and -10, in this order, and shows the last one. */
async function device() {
  const world = makeWorld()
  for (const [days, count] of [
    [0, 2],
    [-10, 1],
    [-20, 3],
    [-30, 4],
  ] as const)
    putDay(world.remote, days, count)
  const tab = () => startWindowTab(world.name, world.remote, world.ports, speed)
  const first = await tab()
  onTestFinished(() => first.tide.stop())
  for (const [days, count] of [
    [-30, 4],
    [-20, 3],
  ] as const) {
    const leave = await first.show(days, count)
    leave()
    await lingered()
  }
  await first.show(-10, 1)
  await until('nothing is pulled', () => first.tide.status$.current?.name === 'synced')
  world.online$.next(false)
  return { world, tab, ...first }
}

test('on a full disk the range that was shown longest ago goes, and the write is kept', async () => {
  const { tide, held, world } = await device()
  fillDisk(2)
  await tide.tables.lists.insert({ id: 'l1', title: 'Kept' })
  expect(tide.status$.current).toMatchObject({ name: 'offline', pending: 1, pruned: 4 })
  expect(await Promise.all([0, -10, -20, -30].map(held))).toEqual([2, 1, 3, 0])
  await tide.tables.lists.insert({ id: 'l2', title: 'Kept, too' })
  expect(tide.status$.current).toMatchObject({ pending: 2, pruned: 4 })
  // It is needed again now: the rows come back although they are as old as they were.
  vi.restoreAllMocks()
  world.online$.next(true)
  await expect.poll(() => held(-30)).toBe(4)
  expect(world.remote.rows('lists').size).toBe(2)
})

test('R5: a row with a write that waits stays, and so does the outbox', async () => {
  const { tide, held } = await device()
  await tide.tables.events.update('-30.1', { text: 'Mine' })
  await lingered()
  fillDisk(3)
  await tide.tables.lists.insert({ id: 'l1', title: 'Kept' })
  expect(tide.status$.current).toMatchObject({ pending: 2, pruned: 3 })
  expect(await tide.tables.events.get('-30.1')).toMatchObject({ text: 'Mine', _pending: true })
  expect(await held(-30)).toBe(1)
})

test('what another tab shows stays', async () => {
  const { tide, held, tab, world } = await device()
  world.online$.next(true)
  const second = await tab()
  onTestFinished(() => second.tide.stop())
  await second.show(-30, 4)
  await until('nothing is pulled', () => tide.status$.current?.name === 'synced')
  world.online$.next(false)
  fillDisk(1)
  await tide.tables.lists.insert({ id: 'l1', title: 'Kept' })
  expect(await Promise.all([0, -10, -20, -30].map(held))).toEqual([2, 1, 0, 4])
  await expect.poll(() => second.tide.status$.current).toMatchObject({ pruned: 3 })
})

test('R2: when all that may go is not enough, the write is refused, and says what was done', async () => {
  const { tide, held } = await device()
  fillDisk(100)
  const write = tide.tables.lists.insert({ id: 'l1', title: 'Too much' })
  await expect(write).rejects.toMatchObject({
    code: 'storage-full',
    message: expect.stringContaining('7 rows'),
  })
  expect(tide.status$.current).toMatchObject({ name: 'storage-failed', error: { code: 'storage-full' } })
  expect(await tide.tables.lists.get('l1')).toBeNull()
  expect(await Promise.all([0, -10, -20, -30].map(held))).toEqual([2, 1, 0, 0])
})

test('many writes that meet a full disk at once wait for the same room', async () => {
  const { tide } = await device()
  fillDisk(1)
  await Promise.all(['l1', 'l2', 'l3'].map((id) => tide.tables.lists.insert({ id, title: id })))
  expect(tide.status$.current).toMatchObject({ pending: 3, pruned: 4 })
})
