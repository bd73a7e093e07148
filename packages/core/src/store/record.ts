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
