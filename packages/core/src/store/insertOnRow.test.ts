import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { makeWorld, until, type Tide } from '../../test/world.js'
import { refused } from '../../test/memoryRemote.js'
import { lists } from '../../test/world.js'

let tide: Tide | undefined
afterEach(async () => {
  vi.restoreAllMocks()
  await tide?.stop()
})

/** A device with a row on its disk that no stream has shown yet, and no network. */
async function begin() {
  const world = makeWorld()
  world.remote.put(lists, { id: 'l1', user_id: 'user-a', title: 'There', color: 'blue' }, false)
  tide = world.tab()
  await tide.start('user-a')
  await until('it is synced', () => tide?.status$.current?.name === 'synced')
  world.online$.next(false)
  return { world, tables: tide.tables, rows: tide.tables.lists.rows$() }
}

test('R6: an insert of a row that is there, and that the disk has no room for, leaves the row as it was', async () => {
  const { tables, rows } = await begin()
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  })
  const write = tables.lists.insert({ id: 'l1', title: 'Again' })
  rows.subscribe()
  await expect(write).rejects.toMatchObject({ code: 'storage-full' })
  await until('it is shown', () => rows.current?.length === 1)
  expect(rows.current).toMatchObject([{ id: 'l1', title: 'There' }])
})

test('R6: an insert of a row that is there, and that the server refuses, leaves the row when it is given up', async () => {
  const { world, tables, rows } = await begin()
  world.remote.before = (method) => {
    if (method === 'insert') throw refused()
  }
  await tables.lists.insert({ id: 'l1', title: 'Again' })
  rows.subscribe()
  world.online$.next(true)
  await until('it is parked', () => tide?.outbox.parked$.current?.length === 1)
  expect(rows.current).toMatchObject([{ id: 'l1', title: 'There', _error: { code: 'refused' } }])
  await tide?.outbox.discard(tide.outbox.parked$.current?.[0]?.id ?? '')
  await until('it is as it was', () => rows.current?.[0]?._error === undefined)
  expect(rows.current).toMatchObject([{ id: 'l1', title: 'There' }])
})
