import { IDBFactory } from 'fake-indexeddb'
import type { Random } from './random.js'

/** What of fake-indexeddb's inside a crash needs. */
interface RawRecords {
  values(): Iterable<unknown>
  clear(): void
  put(record: unknown): void
}
interface RawStore {
  records: RawRecords
  keyGenerator: { num: number } | null
  rawIndexes: Map<string, { records: RawRecords }>
}
interface RawDatabase {
  rawObjectStores: Map<string, RawStore>
  transactions: RawTransaction[]
  processTransactions(): void
}
interface RawTransaction extends IDBTransaction {
  _state: string
  _abort(name: string): void
}
interface RawConnection extends IDBDatabase {
  _rawDatabase: RawDatabase
}
interface SavedStore {
  readonly records: unknown[]
  readonly num: number
  readonly indexes: Map<string, unknown[]>
}
type Saved = Map<string, SavedStore>

/** The disk of one device: its databases, and what of them would survive a loss of power. */
export class Disk {
  readonly #factory = new IDBFactory()
  readonly #databases = new Map<string, RawDatabase>()
  readonly #committed = new Map<string, Saved>()
  readonly #durable = new Map<string, Saved>()
  /** Strict transactions fail as if there were no room left. */
  full = false

  /** The disk as one tab reaches it. */
  open(): TabDisk {
    return new TabDisk(this.#factory, (database) => this.#know(database), this)
  }

  /** The power goes: what was not written strictly, or before something strict, is lost. */
  losePower(): void {
    for (const [name, raw] of this.#databases) {
      restore(raw, this.#durable.get(name))
      this.#committed.set(name, new Map(this.#durable.get(name)))
    }
  }

  /** Changes a value of a stored row behind everyone's back. */
  corrupt(store: string, column: string, value: unknown, random: Random): void {
    for (const raw of this.#databases.values()) {
      const records = [...(raw.rawObjectStores.get(store)?.records.values() ?? [])] as {
        value: Record<string, unknown>
      }[]
      const record = random.pick(records)
      if (record) record.value = { ...record.value, [column]: value }
    }
  }

  #know(database: IDBDatabase): void {
    const raw = (database as RawConnection)._rawDatabase
    this.#databases.set(database.name, raw)
    if (this.#committed.has(database.name)) return
    this.commit(database, raw.rawObjectStores.keys())
    this.flush(database)
  }

  /** A transaction on these stores is complete. What others have not finished is no part of it. */
  commit(database: IDBDatabase, stores: Iterable<string>): void {
    const { rawObjectStores } = (database as RawConnection)._rawDatabase
    const committed: Saved = new Map(this.#committed.get(database.name))
    for (const name of stores) {
      const store = rawObjectStores.get(name)
      if (store) committed.set(name, saveStore(store))
    }
    this.#committed.set(database.name, committed)
  }

  /** Everything that is complete so far will survive. */
  flush(database: IDBDatabase): void {
    this.#durable.set(database.name, new Map(this.#committed.get(database.name)))
  }
}

/** A tab's way to the disk. It can die with the tab, and its handles can be closed by the browser. */
export class TabDisk {
  readonly #factory: IDBFactory
  readonly #know: (database: IDBDatabase) => void
  readonly #disk: Disk
  readonly #connections = new Set<RawConnection>()
  #dead = false

  constructor(factory: IDBFactory, know: (database: IDBDatabase) => void, disk: Disk) {
    this.#factory = factory
    this.#know = know
    this.#disk = disk
  }

  /** What the tab is given as `indexedDB`. */
  get factory(): IDBFactory {
    return {
      open: (name: string, version?: number) => this.#open(name, version),
      deleteDatabase: (name: string) => this.#factory.deleteDatabase(name),
      databases: () => this.#factory.databases(),
      cmp: (a: unknown, b: unknown) => this.#factory.cmp(a, b),
    }
  }

  /** The browser closes every handle of the tab. What is under way is undone. */
  closeHandles(): void {
    for (const connection of this.#connections) {
      const raw = connection._rawDatabase
      for (const transaction of raw.transactions)
        if (transaction.db === connection && transaction._state !== 'finished')
          transaction._abort('AbortError')
      connection.close()
      // Whoever waited behind a transaction that had not begun is not told of its end by itself.
      for (let left = raw.transactions.length; left >= 0; left -= 1) raw.processTransactions()
    }
    this.#connections.clear()
  }

  /** The tab is gone, in the middle of whatever it was doing. */
  die(): void {
    this.#dead = true
    this.closeHandles()
  }

  #open(name: string, version?: number): IDBOpenDBRequest {
    // A tab that is gone waits for ever for what it asks.
    if (this.#dead) return { addEventListener: () => undefined } as unknown as IDBOpenDBRequest
    const request = this.#factory.open(name, version)
    request.addEventListener('success', () => this.#opened(request.result as RawConnection))
    return request
  }

  #opened(connection: RawConnection): void {
    if (this.#dead) return connection.close()
    this.#connections.add(connection)
    this.#know(connection)
    const begin = connection.transaction.bind(connection)
    connection.transaction = (stores, mode, options) => {
      const transaction = begin(stores, mode, options)
      if (mode === 'readwrite') this.#watch(connection, transaction, options?.durability === 'strict')
      return transaction
    }
  }

  #watch(connection: IDBDatabase, transaction: IDBTransaction, strict: boolean): void {
    transaction.addEventListener('complete', () => {
      this.#disk.commit(connection, transaction.objectStoreNames)
      if (strict) this.#disk.flush(connection)
    })
    if (strict && this.#disk.full)
      queueMicrotask(() => (transaction as RawTransaction)._abort('QuotaExceededError'))
  }
}

const saveStore = (store: RawStore): SavedStore => ({
  records: [...store.records.values()],
  num: store.keyGenerator?.num ?? 0,
  indexes: new Map([...store.rawIndexes].map(([index, { records }]) => [index, [...records.values()]])),
})

/** Puts every store back as it was saved. */
function restore(raw: RawDatabase, saved: Saved | undefined): void {
  for (const [name, store] of raw.rawObjectStores) {
    const { records = [], num = 0, indexes } = saved?.get(name) ?? {}
    refill(store.records, records)
    if (store.keyGenerator) store.keyGenerator.num = num
    for (const [index, entry] of store.rawIndexes) refill(entry.records, indexes?.get(index) ?? [])
  }
}

function refill(records: RawRecords, saved: readonly unknown[]): void {
  records.clear()
  for (const record of saved) records.put(record)
}
