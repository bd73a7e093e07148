import { Dexie } from 'dexie'
import { StorageError } from '../base/errors.js'
import type { Table } from '../schema/table.js'
import { isDeadHandle } from './idb.js'
import { toStorageError } from './storageError.js'

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
  /** The number of the database that this version of the app knows; see `declare`. */
  readonly #version: number
  readonly #make: () => Dexie

  constructor(
    name: string,
    version: number,
    tables: readonly Table[],
    events: DatabaseEvents,
    factory: IDBFactory | null = globalThis.indexedDB ?? null,
  ) {
    this.name = name
    this.#version = version * 2
    const superseded = (): void => {
      this.#superseded = true
      events.superseded()
    }
    this.#make = () => {
      const dexie = new Dexie(name, {
        autoOpen: false,
        cache: 'disabled',
        indexedDB: (factory && upTo(this.#version, factory)) as IDBFactory,
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
   * @throws StorageError `storage-full` when there is no room, `storage-superseded` when a newer version of the app has upgraded the
   * database (Dexie would open it even so, and change it back), `storage-missing` where there is none, `storage-failed` for every other
   * failure.
   */
  async use<T>(work: (db: IDBDatabase) => Promise<T>, again = true): Promise<T> {
    const dexie = this.#dexie
    try {
      if (this.#superseded) throw new StorageError('storage-superseded')
      if (this.#closed) throw new StorageError('storage-failed')
      if (!dexie.isOpen()) await this.#openAs(dexie)
      return await work(dexie.backendDB())
    } catch (error) {
      if (!again || this.#closed || !isDeadHandle(error)) throw toStorageError(error)
    }
    // Unless another piece of work has done so meanwhile.
    if (this.#dexie === dexie) this.rest()
    return this.use(work, false)
  }

  async #openAs(dexie: Dexie): Promise<void> {
    await dexie.open()
    if (dexieVersion(dexie.backendDB().version) <= this.#version) return
    dexie.close()
    throw new StorageError('storage-superseded')
  }

  /** Lets the handle go; what is under way ends on it, and the next piece of work opens another. */
  rest(): void {
    this.#dexie.close()
    this.#dexie = this.#make()
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

/** Dexie counts in tenths: between two versions it numbers what it has patched. */
const dexieVersion = (version: number): number => Math.floor(version / 10)

/** IndexedDB without the means to change a database of a newer version: Dexie would patch it until it fits the older tables. */
const upTo = (most: number, factory: IDBFactory): Omit<IDBFactory, 'cmp'> => ({
  open: (name, version) => {
    if (version !== undefined && dexieVersion(version) > most) throw new StorageError('storage-superseded')
    return factory.open(name, version)
  },
  deleteDatabase: (name) => factory.deleteDatabase(name),
  databases: () => factory.databases(),
})

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
