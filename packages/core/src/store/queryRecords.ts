import { asked, isDeadHandle, transact } from './idb.js'

/** A cached query as it is kept: plain data that IndexedDB can clone. */
export interface QueryRecord {
  readonly key: readonly unknown[]
  readonly data: unknown
  /** When the data was fetched, in ms since the epoch. */
  readonly updatedAt: number
  /** Whether the data is known to be out of date. */
  readonly invalidated: boolean
  /** Records with another one belong to another version of the app. */
  readonly buster: string
}

/** What becomes of a record; `undefined`: it is removed. */
export type QueryRecordChange = readonly [hash: string, record: QueryRecord | undefined]

/** What could not be stored of a change, while the others were. */
export interface UnstoredQuery {
  readonly hash: string
  readonly cause: unknown
}

/** The persisted queries of one user. Methods reject with what the storage says. */
export interface QueryRecords {
  readonly kind: 'indexedDB' | 'sessionStorage' | 'memory'
  /** What is stored, by hash. It may be anything: whoever reads it checks it. */
  all(): Promise<readonly (readonly [hash: string, value: unknown])[]>
  /** Stores changes together, and resolves with those that cannot be stored at all. */
  write(changes: readonly QueryRecordChange[]): Promise<readonly UnstoredQuery[]>
  clear(): Promise<void>
  close(): void
}

/** Records that are not kept: the cache itself is all there is. */
export const noQueryRecords: QueryRecords = {
  kind: 'memory',
  all: () => Promise.resolve([]),
  write: () => Promise.resolve([]),
  clear: () => Promise.resolve(),
  close: () => undefined,
}

const storeName = 'queries'

/**
 * Opens the queries that are kept in IndexedDB. A handle that died is opened again for the next piece of work, once (R10).
 * Of two tabs' records of one query, the one that was fetched later stays.
 *
 * @throws DOMException when it cannot be opened
 */
export async function openQueryRecords(name: string, factory: IDBFactory): Promise<QueryRecords> {
  let handle = open(name, factory)
  const use = async <T>(work: (db: IDBDatabase) => Promise<T>, again = true): Promise<T> => {
    try {
      return await work(await handle)
    } catch (error) {
      if (!again || !isDeadHandle(error)) throw error
    }
    handle = open(name, factory)
    return use(work, false)
  }
  /** A cache may lose what was written last: it is fetched again. */
  const change = <T>(work: (store: IDBObjectStore) => Promise<T> | T): Promise<T> =>
    use((db) =>
      transact(db, [storeName], 'relaxed', (transaction) => work(transaction.objectStore(storeName))),
    )
  await use(() => Promise.resolve())
  return {
    kind: 'indexedDB',
    all: () => use((db) => readAll(db.transaction(storeName).objectStore(storeName))),
    write: (changes) => change((store) => writeAll(store, changes)),
    clear: () => change((store) => void store.clear()),
    close: () => void handle.then((db) => db.close()).catch(() => undefined),
  }
}

async function open(name: string, factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(storeName)
  const db = await asked(request)
  // Whoever deletes the database is not kept waiting.
  db.onversionchange = () => db.close()
  return db
}

async function readAll(store: IDBObjectStore): Promise<(readonly [string, unknown])[]> {
  const [hashes, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())])
  return hashes.map((hash, index) => [hash as string, values[index]] as const)
}

async function writeAll(
  store: IDBObjectStore,
  changes: readonly QueryRecordChange[],
): Promise<UnstoredQuery[]> {
  const stored = await Promise.all(changes.map(([hash]) => asked<unknown>(store.get(hash))))
  const unstored: UnstoredQuery[] = []
  changes.forEach(([hash, record], index) => {
    try {
      if (!record) store.delete(hash)
      else if (!isNewer(stored[index], record)) store.put(record, hash)
    } catch (cause) {
      // It holds what cannot be cloned, such as a function; the others are stored all the same.
      unstored.push({ hash, cause })
    }
  })
  return unstored
}

function isNewer(stored: unknown, { updatedAt, buster }: QueryRecord): boolean {
  const other = stored as Partial<QueryRecord> | undefined
  return other?.buster === buster && (other.updatedAt ?? 0) > updatedAt
}
