import type { Columns } from '../base/json.js'
import type { IndexPlan, KeyRange } from '../query/indexPlan.js'
import { planIndex } from '../query/indexPlan.js'
import { compilePredicate } from '../query/predicate.js'
import type { Where } from '../query/query.js'
import { getKey, keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { asked } from './idb.js'
import type { Overlay } from './overlay.js'

/** Reads the visible rows that a question asks for: an index range of the base rows, seen through the overlay. Unordered. */
export async function readRows(
  db: IDBDatabase,
  table: Table,
  where: Where | undefined,
  overlay: Overlay,
): Promise<Columns[]> {
  const plan = planIndex(table, where)
  const matches = compilePredicate(where)
  const base = (await readPlan(db, table, plan, (source, range) => source.getAll(range))) as Columns[]
  const rows = plan.index !== undefined && plan.exact ? base : base.filter(matches)
  return throughOverlay(table, rows, matches, overlay)
}

/** Reads the keys of base rows in an index range, without the overlay; for comparing with the server. */
export async function readBaseRows(
  db: IDBDatabase,
  table: Table,
  where: Where | undefined,
): Promise<Columns[]> {
  const plan = planIndex(table, where)
  const rows = (await readPlan(db, table, plan, (source, range) => source.getAll(range))) as Columns[]
  return rows.filter(compilePredicate(where))
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
  const untouched = rows.filter((row) => !ids.has(keyId(getKey(table.key, row) as Key)))
  const visible = patched.map(([, row]) => row).filter((row) => row !== null && matches(row))
  return [...untouched, ...(visible as Columns[])]
}

type Ask = (source: IDBObjectStore | IDBIndex, range: IDBKeyRange | null) => IDBRequest<unknown[]>

async function readPlan(db: IDBDatabase, table: Table, plan: IndexPlan, ask: Ask): Promise<unknown[]> {
  const store = db.transaction(table.name, 'readonly').objectStore(table.name)
  if (plan.index === undefined) return asked(ask(store, null))
  const source = plan.index === '' ? store : store.index(plan.index)
  const parts = await Promise.all(plan.ranges.map((range) => asked(ask(source, toKeyRange(range)))))
  return parts.length === 1 ? (parts[0] ?? []) : parts.flat()
}

function toKeyRange({ lower, upper, lowerOpen, upperOpen }: KeyRange): IDBKeyRange | null {
  if (lower !== undefined && upper !== undefined) return IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen)
  if (lower !== undefined) return IDBKeyRange.lowerBound(lower, lowerOpen)
  return upper === undefined ? null : IDBKeyRange.upperBound(upper, upperOpen)
}
