import type { Columns } from '../base/json.js'
import { checkSize } from '../outbox/size.js'
import { completeKey } from '../schema/codec.js'
import { keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { Store, Written } from '../store/store.js'
import { prepareDelete, prepareInsert, prepareUpdate, type Prepared, type WriteContext } from './prepare.js'

/**
 * Collects the writes of one `tide.write`: they see each other, and become visible, durable, and refused together.
 */
export class GroupWriter {
  readonly #store: Store
  readonly #context: WriteContext
  readonly #rows = new Map<string, { base: Columns | null; row: Columns | null }>()
  readonly #prepared: { prepared: Prepared; base: Columns | null }[] = []

  constructor(store: Store, context: WriteContext) {
    this.#store = store
    this.#context = context
  }

  /** The row as this group sees it. */
  async get(table: Table, key: Key): Promise<Columns | null> {
    return (await this.#row(table, key)).row
  }

  async insert(table: Table, given: Columns): Promise<Columns> {
    const known = completeKey(table, given, this.#context.userId)
    const { row, base } = known === undefined ? { row: null, base: null } : await this.#row(table, known)
    return this.#add(table, prepareInsert(table, given, row, this.#context), base) ?? {}
  }

  async update(table: Table, key: Key, patch: Columns): Promise<Columns> {
    const { row, base } = await this.#row(table, key)
    const prepared = prepareUpdate(table, key, row, patch, this.#context)
    return (prepared ? this.#add(table, prepared, base) : row) ?? {}
  }

  async upsert(table: Table, given: Columns): Promise<Columns> {
    const key = completeKey(table, given, this.#context.userId)
    const there = key !== undefined && (await this.#row(table, key)).row !== null
    return there ? this.update(table, key, given) : this.insert(table, given)
  }

  async delete(table: Table, key: Key): Promise<void> {
    const { row, base } = await this.#row(table, key)
    this.#add(table, prepareDelete(table, key, row, this.#context), base)
  }

  /**
   * Makes all of it visible, and resolves when it is durable.
   *
   * @throws TidemarkError `too-large`: the group is sent as one.
   */
  async commit(): Promise<void> {
    if (this.#prepared.length === 0) return
    const group = this.#prepared.length > 1 ? this.#context.ports.uuid() : undefined
    const written = this.#prepared.map(({ prepared, base }): Written => ({
      mutation: { ...prepared.mutation, group },
      base,
    }))
    checkSize(written.map(({ mutation }) => mutation))
    await this.#store.write(written)
  }

  #add(table: Table, prepared: Prepared, base: Columns | null): Columns | null {
    this.#prepared.push({ prepared, base })
    this.#rows.set(`${table.name}/${keyId(prepared.mutation.key)}`, { base, row: prepared.row })
    return prepared.row
  }

  async #row(table: Table, key: Key): Promise<{ base: Columns | null; row: Columns | null }> {
    const staged = this.#rows.get(`${table.name}/${keyId(key)}`)
    if (staged) return staged
    const row = await this.#store.load(table, key)
    return this.#rows.get(`${table.name}/${keyId(key)}`) ?? { base: row, row }
  }
}
