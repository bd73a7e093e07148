import { Dexie } from 'dexie'
import { StorageError } from '../base/errors.js'
import { asked, isDeadHandle, transact } from './idb.js'
import type { Records, StoredRecord } from './record.js'
import { toStorageError } from './storageError.js'

/**
 * Opens records that lie in IndexedDB. A handle that died is opened again for the next piece of work, once (R10).
 *
 * @throws StorageError when it cannot be opened
 */
export async function openRecordDatabase(
  name: string,
  stores: readonly string[],
  indexedDB: IDBFactory,
): Promise<Records> {
  const use = await opened(name, stores, indexedDB)
  const write = <T>(store: string, work: (store: IDBObjectStore) => Promise<T> | T): Promise<T> =>
    // What a server said can be asked for again; what a user has not saved yet cannot.
    use((db) =>
      transact(db, [store], store === 'drafts' ? 'strict' : 'relaxed', (transaction) =>
        work(transaction.objectStore(store)),
      ),
    )
  const read = <T>(store: string, work: (store: IDBObjectStore) => Promise<T>): Promise<T> =>
    use((db) => work(db.transaction(store).objectStore(store)))
  return {
    durable: true,
    get: (store, id) => read(store, (of) => asked(of.get(id) as IDBRequest<StoredRecord | undefined>)),
    all: (store) =>
      read(store, async (of) => {
        const [ids, records] = await Promise.all([asked(of.getAllKeys()), asked(of.getAll())])
        return ids.map((id, index) => [id as string, records[index] as StoredRecord] as const)
      }),
    update: (store, id, change) =>
      write(store, async (of) => {
        const record = change(await asked(of.get(id) as IDBRequest<StoredRecord | undefined>))
        if (record) of.put(record, id)
        else of.delete(id)
        return record
      }),
    expire: (store, before) =>
      write(store, async (of) => {
        const ids = await asked(of.index('at').getAllKeys(IDBKeyRange.upperBound(before, true)))
        for (const id of ids) of.delete(id)
      }),
    close: () => use.close(),
  }
}

interface Use {
  <T>(work: (db: IDBDatabase) => Promise<T>, again?: boolean): Promise<T>
  close(): void
}

async function opened(name: string, stores: readonly string[], indexedDB: IDBFactory): Promise<Use> {
  const dexie = new Dexie(name, { autoOpen: false, cache: 'disabled', indexedDB })
  dexie.version(1).stores(Object.fromEntries(stores.map((store) => [store, ',at'])))
  let closed = false
  const use: Use = async (work, again = true) => {
    try {
      if (closed) throw new StorageError('storage-failed')
      if (!dexie.isOpen()) await dexie.open()
      return await work(dexie.backendDB())
    } catch (error) {
      if (!again || closed || !isDeadHandle(error)) throw toStorageError(error)
    }
    dexie.close({ disableAutoOpen: false })
    return use(work, false)
  }
  use.close = () => {
    closed = true
    dexie.close()
  }
  await use(() => Promise.resolve())
  return use
}
