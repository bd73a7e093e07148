import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { makeWorld, schema, until } from '../../test/world.js'
import { createTidemark } from '../index.js'

afterEach(() => vi.restoreAllMocks())

/** From now on the disk is full: what IndexedDB says then. */
function fillDisk(): void {
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  })
}

test('R2: on a full disk a write is refused with a typed error, streams take it back, and what was stored stays', async () => {
  const world = makeWorld()
  world.online$.next(false)
  const tide = world.tab()
  await tide.start('user-a')
  const rows = tide.tables.lists.rows$()
  rows.subscribe()
  await tide.tables.lists.insert({ id: 'l1', title: 'Stored' })
  fillDisk()
  const write = tide.tables.lists.insert({ id: 'l2', title: 'Too much' })
  expect(rows.current).toHaveLength(2)
  await expect(write).rejects.toMatchObject({ code: 'storage-full', name: 'StorageError' })
  expect(rows.current).toMatchObject([{ id: 'l1' }])
  expect(tide.status$.current).toMatchObject({ name: 'storage-failed', error: { code: 'storage-full' } })
  vi.restoreAllMocks()
  await tide.tables.lists.insert({ id: 'l3', title: 'Room again' })
  expect(tide.status$.current).toMatchObject({ name: 'offline', pending: 2 })
  await tide.stop()
})

test('R10: a database handle that died is opened again, and no write is lost', async () => {
  const world = makeWorld()
  const tide = world.tab()
  await tide.start('user-a')
  await until('it is synced', () => tide.status$.current?.name === 'synced')
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  await tide.tables.lists.insert({ id: 'l1', title: 'Survives' })
  expect(transaction).toHaveBeenCalled()
  await until('it is sent', () => world.remote.rows('lists').has('l1'))
  await tide.stop()
})

test.each([[true], [false], [undefined]])(
  'the browser is asked once, after the first write, whether it keeps the database: %s is shown',
  async (answer) => {
    const world = makeWorld()
    world.online$.next(false)
    const persist = vi.fn(() => Promise.resolve(answer))
    const { name, remote, ports } = world
    const tide = createTidemark({ name, schema, remote, ports: { ...ports, persist } })
    await tide.start('user-a')
    expect(persist).not.toHaveBeenCalled()
    expect(tide.status$.current).toMatchObject({ persisted: undefined })
    await tide.tables.lists.insert({ id: 'l1', title: 'First' })
    await tide.tables.lists.insert({ id: 'l2', title: 'Second' })
    expect(persist).toHaveBeenCalledTimes(1)
    expect(tide.status$.current).toMatchObject({ persisted: answer, pending: 2 })
    await tide.stop()
  },
)

test('a browser that cannot be asked has promised nothing', async () => {
  const { name, remote, ports } = makeWorld()
  const persist = () => Promise.reject(new TypeError('No such thing.'))
  const tide = createTidemark({ name, schema, remote, ports: { ...ports, persist } })
  await tide.start('user-a')
  await tide.tables.lists.insert({ id: 'l1', title: 'First' })
  await until('it is told', () => (tide.status$.current as { persisted?: boolean }).persisted === false)
  await tide.stop()
})
