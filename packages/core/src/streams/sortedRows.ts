import type { Columns } from '../base/json.js'

/** Rows by key id, kept in a total order. Changed in place; `snapshot` hands out arrays that never change. */
export class SortedRows {
  readonly #compare: (a: Columns, b: Columns) => number
  readonly #byId = new Map<string, Columns>()
  #sorted: Columns[] = []
  #snapshot: readonly Columns[] | undefined

  constructor(compare: (a: Columns, b: Columns) => number) {
    this.#compare = compare
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Columns | undefined {
    return this.#byId.get(id)
  }

  /** Puts or (with `null`) takes out a row. Answers whether anything changed. */
  set(id: string, row: Columns | null): boolean {
    const old = this.#byId.get(id)
    if (old === undefined && row === null) return false
    const stays = old && row && this.#compare(old, row) === 0
    if (old) this.#sorted.splice(this.#place(old), 1, ...(stays ? [row] : []))
    if (row) {
      this.#byId.set(id, row)
      if (!stays) this.#sorted.splice(this.#place(row), 0, row)
    } else this.#byId.delete(id)
    this.#snapshot = undefined
    return true
  }

  /** Puts or takes out many rows: sorted once instead of once each. */
  setMany(changes: readonly (readonly [id: string, row: Columns | null])[]): boolean {
    // Beyond this share of the rows, one sort is cheaper than that many insertions.
    if (changes.length * 16 < this.#byId.size)
      return changes.map(([id, row]) => this.set(id, row)).includes(true)
    let changed = false
    for (const [id, row] of changes) {
      if (row === null) changed = this.#byId.delete(id) || changed
      else {
        this.#byId.set(id, row)
        changed = true
      }
    }
    if (changed) {
      this.#sorted = [...this.#byId.values()].sort(this.#compare)
      this.#snapshot = undefined
    }
    return changed
  }

  /** The rows in order, `limit` at most; the same array until something changes. */
  snapshot(limit: number): readonly Columns[] {
    this.#snapshot ??= this.#sorted.slice(0, limit)
    return this.#snapshot
  }

  /** Where the row stands, or where it would stand. */
  #place(row: Columns): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.#sorted[middle] as Columns, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
