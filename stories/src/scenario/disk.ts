/** The browser's databases, as one device of a story reaches them. They can be full, and they can fail. */
export class StoryDisk {
  /** Nothing more can be written. */
  full = false
  /** No database can be opened. */
  broken = false

  /** A tab of an older app has every database open, and does not let go of it when it is asked to. */
  olderTab = false
  readonly #held: IDBOpenDBRequest[] = []

  /** What the device is given as `indexedDB`. */
  readonly factory: IDBFactory = {
    open: (name, version) => this.#open(name, version),
    deleteDatabase: (name) => indexedDB.deleteDatabase(name),
    databases: () => indexedDB.databases(),
    cmp: (first, second) => indexedDB.cmp(first, second),
  }

  /** Closes the tab of the older app. */
  closeOlderTab(): void {
    this.olderTab = false
    for (const { result } of this.#held.splice(0)) result.close()
  }

  #open(name: string, version?: number): IDBOpenDBRequest {
    if (this.broken) throw new DOMException('The database files are damaged.', 'UnknownError')
    if (this.olderTab) this.#held.push(indexedDB.open(name, 1))
    const request = indexedDB.open(name, version)
    request.addEventListener('success', () => this.#watch(request.result))
    return request
  }

  #watch(connection: IDBDatabase): void {
    const begin = connection.transaction.bind(connection)
    connection.transaction = (stores, mode, options) => {
      const transaction = begin(stores, mode, options)
      return this.full && mode === 'readwrite' ? overQuota(transaction) : transaction
    }
  }
}

/** A transaction that says of each write what a browser says when the disk is full. */
function overQuota(transaction: IDBTransaction): IDBTransaction {
  const open = transaction.objectStore.bind(transaction)
  const refuse = (): never => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
  }
  transaction.objectStore = (name) => Object.assign(open(name), { add: refuse, put: refuse })
  return transaction
}
