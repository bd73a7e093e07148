import type { Columns } from '../base/json.js'
import { completeKey } from '../schema/codec.js'
import { keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import { prepareDelete, prepareInsert, prepareUpdate, type Prepared, type WriteContext } from './prepare.js'

/**
 * Single writes. When the row is in memory, which it is whenever a stream shows it, the write is visible when the call
 * returns (R2); otherwise the row is read first, and writes of that row keep their order behind the reading.
 */
export class Writer {
  readonly #store: Store
  readonly #context: WriteContext
  readonly #reading = new Map<string, Promise<unknown>>()

  constructor(store: Store, context: WriteContext) {
    this.#store = store
    this.#context = context
  }

  /** The visible row. */
  get(table: Table, key: Key): Promise<Columns | null> {
    return this.#store.load(table, key)
  }

  /** Resolves with the row when it is durable. */
  async insert(table: Table, given: Columns): Promise<Columns> {
    const prepared = prepareInsert(table, given, this.#known(table, given), this.#context)
    await this.#write(prepared, null)
    return prepared.row ?? {}
  }

  /** Resolves with the row when the change is durable. */
  async update(table: Table, key: Key, patch: Columns): Promise<Columns> {
    return this.#onRow(table, key, async (visible) => {
      const prepared = prepareUpdate(table, key, visible, patch, this.#context)
      if (prepared) await this.#write(prepared, visible)
      return prepared?.row ?? visible ?? {}
    })
  }

  /** Updates the row if it is there, else inserts it. Resolves with the row when that is durable. */
  async upsert(table: Table, given: Columns): Promise<Columns> {
    const key = completeKey(table, given, this.#context.userId)
    if (key === undefined) return this.insert(table, given)
    return this.#onRow(table, key, (visible) =>
      visible ? this.update(table, key, given) : this.insert(table, given),
    )
  }

  /** Resolves when the delete is durable. */
  async delete(table: Table, key: Key): Promise<void> {
    await this.#onRow(table, key, (visible) =>
      this.#write(prepareDelete(table, key, visible, this.#context), visible),
    )
  }

  #known(table: Table, given: Columns): Columns | null {
    const key = completeKey(table, given, this.#context.userId)
    return (key !== undefined && this.#store.peek(table.name, key)) || null
  }

  #write({ mutation }: Prepared, base: Columns | null): Promise<void> {
    return this.#store.write([{ mutation, base }])
  }

  #onRow<T>(table: Table, key: Key, act: (visible: Columns | null) => Promise<T>): Promise<T> {
    const name = `${table.name}/${keyId(key)}`
    const reading = this.#reading.get(name)
    const known = reading ? undefined : this.#store.peek(table.name, key)
    if (known !== undefined) return act(known)
    const read = (reading ?? Promise.resolve()).then(() => this.#store.load(table, key))
    // Waits for the reading only, not for `act`: the next write of the row may be visible while this one goes to the disk.
    const settled: Promise<void> = read.then(
      () => this.#forget(name, settled),
      () => this.#forget(name, settled),
    )
    this.#reading.set(name, settled)
    return read.then(act)
  }

  #forget(name: string, settled: Promise<unknown>): void {
    if (this.#reading.get(name) === settled) this.#reading.delete(name)
  }
}
