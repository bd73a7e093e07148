import { Dexie } from 'dexie'
import { StorageError, type ErrorCode } from '../base/errors.js'
import type { Table } from '../schema/table.js'

/** The stores that are not an app's tables. No Postgres table of an app's starts with a colon. */
export const system = {
  outbox: ':outbox',
  parked: ':parked',
  meta: ':meta',
  quarantine: ':quarantine',
} as const

const systemStores = {
  [system.outbox]: '++seq',
  [system.parked]: 'id',
  [system.meta]: '',
  [system.quarantine]: '[table+id]',
}

/** Names in `meta` from here on outlive a new version of the schema. */
export const keptMeta = 'push'

export interface DatabaseEvents {
  /** Another tab holds an older version open, so this one cannot be upgraded yet. */
  blocked(): void
  /** Another tab wants to upgrade: this tab has closed its handle and must be reloaded. */
  superseded(): void
}

/**
 * The IndexedDB database of one user: Dexie opens and upgrades it. A handle that died is opened again for the next piece of
 * work, once (R10); a second failure is a `StorageError`.
 */
export class Database {
  readonly name: string
  #dexie: Dexie
  #closed = false
  #superseded = false
  readonly #make: () => Dexie

  constructor(
    name: string,
    version: number,
    tables: readonly Table[],
    events: DatabaseEvents,
    factory?: IDBFactory,
  ) {
    this.name = name
    const superseded = (): void => {
      this.#superseded = true
      events.superseded()
    }
    this.#make = () => {
      const dexie = new Dexie(name, {
        autoOpen: false,
        cache: 'disabled',
        ...(factory && { indexedDB: factory }),
      })
      return declare(dexie, version, tables, { ...events, superseded })
    }
    this.#dexie = this.#make()
  }

  async open(): Promise<void> {
    await this.use(() => Promise.resolve())
  }

  /**
   * Runs `work` on the open database.
   *
   * @throws StorageError `storage-full` when there is no room, `storage-superseded` when another tab has upgraded the database
   * (Dexie would open it even so, and change it back), `storage-failed` for every other failure.
   */
  async use<T>(work: (db: IDBDatabase) => Promise<T>, again = true): Promise<T> {
    const dexie = this.#dexie
    try {
      if (this.#superseded) throw new StorageError('storage-superseded')
      if (!dexie.isOpen() && !this.#closed) await dexie.open()
      return await work(dexie.backendDB())
    } catch (error) {
      if (!again || this.#closed || !isDeadHandle(error)) throw toStorageError(error)
    }
    // Unless another piece of work has done so meanwhile.
    if (this.#dexie === dexie) {
      dexie.close()
      this.#dexie = this.#make()
    }
    return this.use(work, false)
  }

  /** Closes for good: work that comes later fails instead of opening it again. */
  close(): void {
    this.#closed = true
    this.#dexie.close()
  }

  /** Deletes the database with everything in it. */
  async destroy(): Promise<void> {
    this.close()
    await this.#make().delete()
  }
}

function declare(dexie: Dexie, version: number, tables: readonly Table[], events: DatabaseEvents): Dexie {
  const stores = Object.fromEntries(tables.map((table) => [table.name, storeOf(table)]))
  const dropped = Object.fromEntries(tables.map((table) => [table.name, null]))
  // Two versions of the database for each of the schema: a table whose key has changed must be dropped before it is made anew.
  dexie.version(version * 2 - 1).stores({ ...systemStores, ...dropped })
  dexie
    .version(version * 2)
    .stores({ ...systemStores, ...stores })
    // A new shape of the tables: rows and cookies are fetched again; what the user wrote, and what is known of its sending, stays.
    .upgrade(async (upgrade) => {
      await upgrade.table(system.quarantine).clear()
      await upgrade.table(system.meta).where(':id').below(keptMeta).delete()
    })
  dexie.on('blocked', () => events.blocked())
  dexie.on('versionchange', () => {
    dexie.close()
    events.superseded()
  })
  return dexie
}

const storeOf = (table: Table): string => [primaryKey(table), ...table.indexes].join(',')
const primaryKey = ({ key }: Table): string => (key.length === 1 ? (key[0] ?? '') : `[${key.join('+')}]`)

/**
 * A handle dies when the browser closes it: storage cleared, the disk gone, the tab frozen for long. What was under way is
 * aborted then, and has done nothing.
 */
const isDeadHandle = (error: unknown): boolean =>
  error instanceof Error && ['InvalidStateError', 'DatabaseClosedError', 'AbortError'].includes(error.name)

function toStorageError(error: unknown): unknown {
  // Errors of our own (a refused row, a bug) pass as they are.
  if (!(error instanceof DOMException) && !(error instanceof Dexie.DexieError)) return error
  const full = /QuotaExceeded/.test(`${error.name} ${(error as { inner?: Error }).inner?.name ?? ''}`)
  const code: ErrorCode = full ? 'storage-full' : 'storage-failed'
  return new StorageError(code, undefined, { cause: error })
}
