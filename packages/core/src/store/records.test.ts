import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import type { Records, StoredRecord } from './record.js'
import { memoryRecords, openRecords } from './records.js'

const opened: Records[] = []
const open = async (name = `r${crypto.randomUUID()}`): Promise<Records> => {
  const records = await openRecords(name, {}, (error) => {
    throw error
  })
  opened.push(records)
  return records
}
const record = (at: number, more: object = {}): StoredRecord => ({ at, ...more })
afterEach(() => {
  vi.restoreAllMocks()
  for (const records of opened.splice(0)) records.close()
})

test.each([
  ['IndexedDB', open],
  ['memory', () => Promise.resolve(memoryRecords())],
])('records are kept by store and id: %s', async (_, make) => {
  const records = await make()
  await records.update('entities', 'a', () => record(1, { data: { x: 1 } }))
  await records.update('lists', 'a', () => record(2))
  expect(await records.get('entities', 'a')).toEqual({ at: 1, data: { x: 1 } })
  expect(await records.get('entities', 'b')).toBeUndefined()
  expect(await records.all('lists')).toEqual([['a', { at: 2 }]])
  await records.update('entities', 'a', () => undefined)
  expect(await records.all('entities')).toEqual([])
})

test.each([
  ['IndexedDB', open],
  ['memory', () => Promise.resolve(memoryRecords())],
])('what is older than a time is removed: %s', async (_, make) => {
  const records = await make()
  for (const at of [1, 2, 3]) await records.update('lists', String(at), () => record(at))
  await records.expire('lists', 3)
  expect((await records.all('lists')).map(([id]) => id)).toEqual(['3'])
})

test('R9: changes of one record by two tabs are done one after the other', async () => {
  const name = `r${crypto.randomUUID()}`
  const tabs = [await open(name), await open(name)]
  const add = (known: StoredRecord | undefined): StoredRecord => record((known?.at ?? 0) + 1)
  await Promise.all(Array.from({ length: 20 }, (_, n) => tabs[n % 2]?.update('drafts', 'a', add)))
  expect(await tabs[0]?.get('drafts', 'a')).toEqual({ at: 20 })
})

test('R10: a handle that died is opened again', async () => {
  const records = await open()
  await records.update('drafts', 'a', () => record(1))
  const died = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  expect(await records.get('drafts', 'a')).toEqual({ at: 1 })
  expect(died.mock.calls.length).toBeGreaterThan(1)
})

test('R10: a handle that dies again is a typed error, and so is a closed one', async () => {
  const records = await open()
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  await expect(records.get('drafts', 'a')).rejects.toMatchObject({
    name: 'StorageError',
    code: 'storage-failed',
  })
  vi.restoreAllMocks()
  records.close()
  await expect(records.get('drafts', 'a')).rejects.toMatchObject({ name: 'StorageError' })
})

test('a change that throws stores nothing', async () => {
  const records = await open()
  const failing = records.update('drafts', 'a', () => {
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow()
  expect(await records.all('drafts')).toEqual([])
})
