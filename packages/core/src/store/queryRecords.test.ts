import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { openQueryRecords } from './queryRecords.js'

afterEach(() => vi.restoreAllMocks())

test.each(['InvalidStateError', 'AbortError'])(
  'R10: a handle that died with %s is opened again, and what is written is there',
  async (name) => {
    const records = await openQueryRecords(crypto.randomUUID(), indexedDB)
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('The database connection is closing.', name)
    })
    const record = { key: ['a'], data: 1, updatedAt: 1, invalidated: false, buster: '' }
    expect(await records.write([['a', record]])).toEqual([])
    expect(transaction).toHaveBeenCalledTimes(2)
    expect(await records.all()).toEqual([['a', record]])
    records.close()
  },
)

test('what is not a dead handle is told, and not tried again', async () => {
  const records = await openQueryRecords(crypto.randomUUID(), indexedDB)
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('There is no such store.', 'NotFoundError')
  })
  await expect(records.all()).rejects.toMatchObject({ name: 'NotFoundError' })
  expect(transaction).toHaveBeenCalledTimes(1)
  records.close()
})
