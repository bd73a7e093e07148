import type { Columns } from '../base/json.js'
import type { Range, Table } from '../schema/table.js'
import { getKey, rowId, type Key } from '../schema/key.js'
import type { Store } from '../store/store.js'
import { heldName, heldRanges } from './held.js'
import { addRange, covers, missingRanges } from './ranges.js'
import { rangeWhere, windowMs } from './window.js'

/** A range of a windowed table that a tab has shown. */
export interface Use {
  readonly table: string
  readonly range: Range
  /** When, in ms since the epoch; `Infinity`: it is shown now. */
  readonly at: number
}

/** A part of what is held that may go. */
export type Spare = Omit<Use, 'table'>

/** The parts of held ranges that may go, the one that was shown longest ago first. */
export function spareRanges(held: readonly Range[], uses: readonly Spare[], standing: Range): Spare[] {
  const never: Spare = { range: [-Infinity, Infinity], at: 0 }
  const spare: Spare[] = []
  let kept: readonly Range[] = [standing]
  for (const { range, at } of [...uses, never].sort((a, b) => b.at - a.at)) {
    const left = without(held, without([range], kept))
    if (at < Infinity) spare.unshift(...without(held, left).map((part) => ({ range: part, at })))
    kept = addRange(kept, range)
  }
  return spare
}

/** The ranges without the parts that others, in order and joined, cover. */
const without = (ranges: readonly Range[], others: readonly Range[]): Range[] =>
  ranges.flatMap((range) => missingRanges(others, range))

/**
 * Lets go of a range, except of rows with a write that waits or is parked; it is pulled again when it is asked for. Resolves
 * with the number of rows that have gone.
 *
 * A full disk takes nothing but deletions (Chromium refuses a byte). So what is held is forgotten first, and written again when
 * there is room. When that does not come to pass, it is pulled again.
 *
 * @throws StorageError
 */
export async function prune(store: Store, table: Table, range: Range): Promise<number> {
  const name = heldName(table)
  const held = await heldRanges(store, table)
  const left = without(held, [range])
  const rows = await store.readBase(table, rangeWhere(table, range))
  const mayGo = (row: Columns): boolean =>
    !covers(left, windowMs(table, row)) && store.overlay.base(table.name, rowId(table, row)) === undefined
  const remove = rows.filter(mayGo).map((row) => getKey(table.key, row) ?? '')
  const commit = (before: unknown, after: unknown, gone: readonly Key[]): Promise<boolean> =>
    store.commit({
      rows: [{ table, remove: gone }],
      meta: { [name]: after },
      when: [name, before],
      prune: true,
    })
  if (!(await commit(held, undefined, remove))) return 0
  await commit(undefined, left, [])
  return remove.length
}
