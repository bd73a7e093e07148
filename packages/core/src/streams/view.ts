import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import { compileOrder } from '../query/order.js'
import { compilePredicate } from '../query/predicate.js'
import type { Query } from '../query/query.js'
import { rowId } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { Change } from '../store/overlay.js'
import type { Store } from '../store/store.js'
import { Watchers, type Cell, type Turn } from './cell.js'
import { SortedRows } from './sortedRows.js'

/**
 * The visible rows of one query: loaded once from an index range, then kept current by commits.
 *
 * Law: a change carries the whole visible row, so changes that come while the rows are being read are simply applied again
 * on top of what was read.
 */
export class View implements Cell<readonly Columns[]> {
  readonly table: Table
  readonly query: Query
  readonly ready: Promise<void>
  readonly #watchers: Watchers
  readonly #matches: (row: Columns) => boolean
  readonly #rows: SortedRows
  readonly #meanwhile: Change[] = []
  #loaded = false

  constructor(store: Store, turn: Turn, table: Table, query: Query) {
    this.table = table
    this.query = query
    this.#watchers = new Watchers(turn)
    this.#matches = compilePredicate(query.where)
    this.#rows = new SortedRows(compileOrder(query.orderBy, table.key))
    this.ready = this.#load(store)
  }

  get current(): readonly Columns[] | undefined {
    return this.#loaded ? this.#rows.snapshot(this.query.limit ?? Infinity) : undefined
  }

  /** Rows that match, whatever the limit; `undefined` until they are read. */
  get size(): number | undefined {
    return this.#loaded ? this.#rows.size : undefined
  }

  find(id: string): Columns | undefined {
    return this.#rows.get(id)
  }

  watch(changed: () => void): Stop {
    return this.#watchers.add(changed)
  }

  /** Takes in changes of this view's table. */
  apply(changes: readonly Change[]): void {
    if (!this.#loaded) {
      this.#meanwhile.push(...changes)
      return
    }
    const changed = this.#rows.setMany(
      changes.map(({ id, row }) => [id, row && this.#matches(row) ? row : null] as const),
    )
    if (changed) this.#watchers.changed()
  }

  async #load(store: Store): Promise<void> {
    const rows = await store.read(this.table, this.query.where)
    this.#rows.setMany(rows.map((row) => [rowId(this.table, row), row] as const))
    this.#loaded = true
    this.apply(this.#meanwhile.splice(0))
    this.#watchers.changed()
  }
}
