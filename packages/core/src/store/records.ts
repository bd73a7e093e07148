import type { Ports } from '../base/ports.js'
import { openRecordDatabase } from './recordDatabase.js'

/** Where a cache keeps what: one store each. */
export const recordStores = ['entities', 'lists', 'metadata', 'drafts'] as const
export type RecordStore = (typeof recordStores)[number]

/** What is stored under an id: plain data that IndexedDB can clone. */
export interface StoredRecord {
  /** When it was stored, in ms since the epoch. */
  readonly at: number
}

/** Records by store and id, kept for one user. Every method rejects with a `StorageError`. */
export interface Records {
  /** False: they last no longer than the page. */
  readonly durable: boolean
  get(store: RecordStore, id: string): Promise<StoredRecord | undefined>
  all(store: RecordStore): Promise<readonly (readonly [id: string, record: StoredRecord])[]>
  /**
   * Changes one record, alone among all tabs, and resolves with what it became once that is stored.
   *
   * @param change what becomes of it; `undefined` removes it. It may be called again when the first try failed.
   */
  update(
    store: RecordStore,
    id: string,
    change: (record: StoredRecord | undefined) => StoredRecord | undefined,
  ): Promise<StoredRecord | undefined>
  /** Removes the records of a store that were stored before a time, in ms since the epoch. */
  expire(store: RecordStore, before: number): Promise<void>
  close(): void
}

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
