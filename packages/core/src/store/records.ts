import type { Ports } from '../base/ports.js'
import { recordStores, type Records, type RecordStore, type StoredRecord } from './record.js'
import { openRecordDatabase } from './recordDatabase.js'

/**
 * Opens the records of that name. Where there is no IndexedDB, or it cannot be opened, they are kept in memory.
 *
 * @param failed is told why IndexedDB could not be opened
 */
export async function openRecords(
  name: string,
  { indexedDB = globalThis.indexedDB }: Pick<Ports, 'indexedDB'>,
  failed: (error: unknown) => void,
): Promise<Records> {
  // A server, or a browser that forbids storage.
  if ((indexedDB as IDBFactory | undefined) === undefined) return memoryRecords()
  try {
    return await openRecordDatabase(name, recordStores, indexedDB)
  } catch (error) {
    failed(error)
    return memoryRecords()
  }
}

/** Records that last as long as the page. */
export function memoryRecords(): Records {
  const stores = Object.fromEntries(
    recordStores.map((store) => [store, new Map<string, StoredRecord>()]),
  ) as Record<RecordStore, Map<string, StoredRecord>>
  return {
    durable: false,
    get: (store, id) => Promise.resolve(stores[store].get(id)),
    all: (store) => Promise.resolve([...stores[store]]),
    update: (store, id, change) => {
      const record = change(stores[store].get(id))
      if (record) stores[store].set(id, record)
      else stores[store].delete(id)
      return Promise.resolve(record)
    },
    expire: (store, before) => {
      for (const [id, { at }] of stores[store]) if (at < before) stores[store].delete(id)
      return Promise.resolve()
    },
    close: () => undefined,
  }
}
