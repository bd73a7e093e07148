import type { ErrorRecord } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import { applyPatches } from '../outbox/patches.js'
import { keyId, type Key } from '../schema/key.js'
import { replaced } from './outboxLog.js'

/** What an app sees of a row besides its columns. */
export interface RowState {
  /** True while a write of this row waits for the server; left out otherwise. */
  readonly _pending?: true
  /** Why the server refused a write of this row, until the parked mutation is dealt with; left out otherwise. */
  readonly _error?: ErrorRecord
}

/** A visible row that has changed; `null`: it is not there any more. */
export interface Change {
  readonly table: string
  readonly id: string
  readonly row: Columns | null
}

interface Entry {
  readonly table: string
  readonly key: Key
  base: Columns | null
  pending: Mutation[]
  parked: Parked[]
  /** The base with all patches on it. */
  patched: Columns | null
  visible: Columns | null
}

/** The rows that this client has said something about: the server's row, and the patches on it. Few, and kept in memory. */
export class Overlay {
  readonly #entries = new Map<string, Map<string, Entry>>()
  readonly #byMutation = new Map<string, Entry>()

  /** Mutations that wait for the server. */
  get size(): number {
    return this.#byMutation.size
  }

  /** Everything pending, in the order in which this tab heard of it. */
  mutations(): Mutation[] {
    const all = this.#all().flatMap(({ pending }) => pending.map((one) => [one.id, one] as const))
    const byId = new Map(all)
    return [...this.#byMutation.keys()].flatMap((id) => byId.get(id) ?? [])
  }

  has(mutationId: string): boolean {
    return this.#byMutation.has(mutationId)
  }

  /** The visible row; `undefined` when nothing is pending or parked on it. */
  visible(table: string, id: string): Columns | null | undefined {
    return this.#entries.get(table)?.get(id)?.visible
  }

  /** All visible rows of a table that something is pending or parked on, by key id. */
  *of(table: string): IterableIterator<readonly [id: string, row: Columns | null]> {
    for (const [id, entry] of this.#entries.get(table) ?? []) yield [id, entry.visible]
  }

  /** Puts mutations on top. `baseOf` tells the server's row where the overlay does not know it yet. */
  add(mutations: readonly Mutation[], baseOf: (table: string, key: Key) => Columns | null): Change[] {
    const touched = mutations.map((mutation) => {
      const entry = this.#entry(mutation.table, mutation.key, () => baseOf(mutation.table, mutation.key))
      entry.pending.push(mutation)
      // One patch more, and not all of them again: a row may be written thousands of times before it is sent.
      entry.patched = applyPatches(entry.patched, [mutation])
      this.#byMutation.set(mutation.id, entry)
      return entry
    })
    return [...new Set(touched)].map((entry) => this.#show(entry))
  }

  /** Takes mutations out: confirmed, parked, or never stored. */
  remove(ids: Iterable<string>): Change[] {
    const touched: Entry[] = []
    for (const id of ids) {
      const entry = this.#byMutation.get(id)
      if (!entry) continue
      this.#byMutation.delete(id)
      entry.pending = entry.pending.filter((mutation) => mutation.id !== id)
      touched.push(entry)
    }
    return this.#changing(touched)
  }

  /** Puts mutations in the places of those with the same ids. */
  replace(mutations: readonly Mutation[]): Change[] {
    const entries = mutations.map(({ id }) => this.#byMutation.get(id)).filter((entry) => entry !== undefined)
    for (const entry of entries) entry.pending = replaced(entry.pending, mutations)
    return this.#changing(entries)
  }

  /** Tells what the server's rows are now; answers the change of each, seen through the patches on it. */
  rebase(rows: readonly { table: string; key: Key; row: Columns | null }[]): Change[] {
    return rows.map(({ table, key, row }) => {
      const id = keyId(key)
      const entry = this.#entries.get(table)?.get(id)
      if (!entry) return { table, id, row }
      entry.base = row
      return this.#refresh(entry)
    })
  }

  /** Replaces what is parked. */
  setParked(parked: readonly Parked[], baseOf: (table: string, key: Key) => Columns | null): Change[] {
    const touched = this.#all().filter((entry) => entry.parked.length > 0)
    for (const entry of touched) entry.parked = []
    for (const one of parked) {
      const { table, key } = one.mutation
      const entry = this.#entry(table, key, () => baseOf(table, key))
      entry.parked.push(one)
      touched.push(entry)
    }
    return this.#changing(touched)
  }

  /** The server's row under the patches; `undefined` when the overlay does not hold it. */
  base(table: string, id: string): Columns | null | undefined {
    return this.#entries.get(table)?.get(id)?.base
  }

  #all(): Entry[] {
    return [...this.#entries.values()].flatMap((entries) => [...entries.values()])
  }

  #entry(table: string, key: Key, base: () => Columns | null): Entry {
    const entries = this.#entries.get(table) ?? new Map<string, Entry>()
    this.#entries.set(table, entries)
    const id = keyId(key)
    const known = entries.get(id)
    if (known) return known
    const row = base()
    const entry: Entry = { table, key, base: row, pending: [], parked: [], patched: row, visible: null }
    entries.set(id, entry)
    return entry
  }

  #changing(entries: readonly Entry[]): Change[] {
    return [...new Set(entries)].map((entry) => this.#refresh(entry))
  }

  #refresh(entry: Entry): Change {
    entry.patched = applyPatches(entry.base, entry.pending)
    return this.#show(entry)
  }

  #show(entry: Entry): Change {
    const id = keyId(entry.key)
    entry.visible = visibleRow(entry)
    if (entry.pending.length === 0 && entry.parked.length === 0) this.#entries.get(entry.table)?.delete(id)
    return { table: entry.table, id, row: entry.visible }
  }
}

function visibleRow({ patched: row, pending, parked }: Entry): Columns | null {
  if (!row || (pending.length === 0 && parked.length === 0)) return row
  const error = parked.at(-1)?.error
  const state: RowState = { ...(pending.length > 0 && { _pending: true }), ...(error && { _error: error }) }
  return { ...row, ...state }
}
