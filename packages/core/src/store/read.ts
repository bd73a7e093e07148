import type { Columns } from '../base/json.js'
import type { IndexPlan, KeyRange } from '../query/indexPlan.js'
import { planIndex } from '../query/indexPlan.js'
import { compilePredicate } from '../query/predicate.js'
import type { Where } from '../query/query.js'
import { rowId } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { asked } from './idb.js'
import type { Overlay } from './overlay.js'

/**
 * Reads the rows that a question asks for from an index range, unordered: as a user sees them, through the overlay, or
 * (without one) as the server said them.
 */
export async function readRows(
  db: IDBDatabase,
  table: Table,
  where: Where | undefined,
  overlay?: Overlay,
): Promise<Columns[]> {
  const plan = planIndex(table, where)
  const matches = compilePredicate(where)
  const base = await readPlan(db, table, plan)
  const rows = plan.index !== undefined && plan.exact ? base : base.filter(matches)
  return overlay ? throughOverlay(table, rows, matches, overlay) : rows
}

function throughOverlay(
  table: Table,
  rows: Columns[],
  matches: (row: Columns) => boolean,
  overlay: Overlay,
): Columns[] {
  const patched = [...overlay.of(table.name)]
  if (patched.length === 0) return rows
  const ids = new Set(patched.map(([id]) => id))
  const untouched = rows.filter((row) => !ids.has(rowId(table, row)))
  const visible = patched.map(([, row]) => row).filter((row) => row !== null && matches(row))
  return [...untouched, ...(visible as Columns[])]
}

async function readPlan(db: IDBDatabase, table: Table, plan: IndexPlan): Promise<Columns[]> {
  const store = db.transaction(table.name, 'readonly').objectStore(table.name)
  const ranges = plan.index === undefined ? [null] : plan.ranges.map(toKeyRange)
  const source = plan.index === undefined || plan.index === '' ? store : store.index(plan.index)
  const parts = (await Promise.all(ranges.map((range) => asked(source.getAll(range))))) as Columns[][]
  return parts.length === 1 ? (parts[0] ?? []) : parts.flat()
}

function toKeyRange({ lower, upper, lowerOpen, upperOpen }: KeyRange): IDBKeyRange | null {
  if (lower !== undefined && upper !== undefined) return IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen)
  if (lower !== undefined) return IDBKeyRange.lowerBound(lower, lowerOpen)
  return upper === undefined ? null : IDBKeyRange.upperBound(upper, upperOpen)
}
