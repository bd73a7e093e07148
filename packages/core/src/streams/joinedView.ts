import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import type { Query } from '../query/query.js'
import { keyId, rowId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { Watchers, type Turn } from './cell.js'
import type { View } from './view.js'

/** What is joined so far: rows by the names they were given, and who is signed in. */
export type Joined = Readonly<Record<string, unknown>> & { readonly userId: string }

/** One joined table: its row is found by the key that `key` answers; no key, no row (`null`). */
export interface JoinStep {
  readonly name: string
  readonly table: Table
  readonly key: (row: Columns, joined: Joined) => Key | null | undefined
}

/** A declared join: plain data. */
export interface Join {
  readonly table: Table
  readonly steps: readonly JoinStep[]
  readonly select: (row: Columns, joined: Joined) => unknown
}

/** Where a joined view takes the views of its tables from. */
export interface Views {
  readonly userId: string
  acquire(table: Table, query: Query): { view: View; release: Stop }
}

interface Made {
  readonly row: Columns
  readonly parts: readonly (Columns | null)[]
  readonly result: unknown
}

/**
 * The results of a join for the rows of one query, kept current. A result is made again only when a row that it was made of
 * has changed; all others stay the same objects.
 */
export class JoinedView {
  readonly ready: Promise<void>
  readonly #join: Join
  readonly #base: View
  readonly #tables: readonly View[]
  readonly #userId: string
  readonly #watchers: Watchers
  readonly #stops: Stop[]
  #made = new Map<string, Made>()
  #seen: readonly (readonly Columns[])[] = []
  #current: readonly unknown[] | undefined

  constructor(pool: Views, turn: Turn, join: Join, query: Query) {
    this.#join = join
    this.#userId = pool.userId
    this.#watchers = new Watchers(turn)
    const base = pool.acquire(join.table, query)
    const tables = join.steps.map(({ table }) => pool.acquire(table, {}))
    this.#base = base.view
    this.#tables = tables.map(({ view }) => view)
    const all = [base, ...tables]
    this.#stops = all.flatMap(({ view, release }) => [view.watch(() => this.#watchers.changed()), release])
    this.ready = Promise.all(all.map(({ view }) => view.ready)).then(() => undefined)
  }

  /** The results in the order of the rows; the same array until something changes; `undefined` until all tables are read. */
  get current(): readonly unknown[] | undefined {
    const rows = this.#base.current
    const seen = [rows, ...this.#tables.map((view) => view.current)]
    if (!rows || !seen.every((list) => list !== undefined)) return undefined
    if (seen.some((list, index) => list !== this.#seen[index])) this.#make(rows)
    this.#seen = seen
    return this.#current
  }

  watch(changed: () => void): Stop {
    return this.#watchers.add(changed)
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  #make(rows: readonly Columns[]): void {
    const made = new Map<string, Made>()
    this.#current = rows.map((row) => {
      const id = rowId(this.#join.table, row)
      const one = this.#one(row, this.#made.get(id))
      made.set(id, one)
      return one.result
    })
    this.#made = made
  }

  #one(row: Columns, before: Made | undefined): Made {
    const joined: Record<string, unknown> & { userId: string } = { userId: this.#userId }
    const parts = this.#join.steps.map(({ name, key }, index) => {
      const found = key(row, joined)
      const part =
        found === null || found === undefined ? null : (this.#tables[index]?.find(keyId(found)) ?? null)
      joined[name] = part
      return part
    })
    if (before?.row === row && parts.every((part, index) => part === before.parts[index])) return before
    return { row, parts, result: this.#join.select(row, joined) }
  }
}
