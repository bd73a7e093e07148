import { compareInstants } from '../base/instant.js'
import { sameValue, type Columns } from '../base/json.js'
import { getKey, keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { asked } from './idb.js'

/** What an exact server's row has besides its columns, under `_sync`: its `sync_seq`, its hash, and what our copy of it came to. */
export type SyncMark = readonly [seq: number, hash: number, sum: number]

/** What the server says of some rows of one table. */
export interface TableRows {
  readonly table: Table
  readonly put?: readonly Columns[]
  readonly remove?: readonly Key[]
  /** The rows are right whatever is here: a repair. */
  readonly force?: boolean
  /** None of the rows is here: nothing need be read before they are put. */
  readonly fresh?: boolean
}

/** A base row that was changed; `null`: deleted. */
export interface BaseRow {
  readonly table: string
  readonly key: Key
  readonly row: Columns | null
}

/**
 * Versions of rows that were deleted a moment ago, so that news of their life that arrives late does not bring them back.
 * The newest are kept.
 */
export class Graves {
  readonly #versions = new Map<string, unknown>()

  bury(table: string, key: Key, row: Columns): void {
    this.#versions.set(`${table}/${keyId(key)}`, row.updated_at)
    const [oldest] = this.#versions.keys()
    if (this.#versions.size > 10_000 && oldest !== undefined) this.#versions.delete(oldest)
  }

  /** True when this version of the row lived before it was deleted. */
  holds(table: string, key: Key, row: Columns): boolean {
    // Answers of an exact server are stored in their order: nothing of them arrives late.
    if (row._sync) return false
    const order = compareInstants(row.updated_at, this.#versions.get(`${table}/${keyId(key)}`))
    return order !== undefined && order <= 0
  }
}

/**
 * Writes what the server says into the base rows; answers the rows that did change. Older versions change nothing. Without
 * `graves`, rows that are removed may come back as they were.
 */
export async function applyRows(
  transaction: IDBTransaction,
  rows: TableRows,
  graves: Graves | undefined,
): Promise<BaseRow[]> {
  const store = transaction.objectStore(rows.table.name)
  const changed: BaseRow[] = []
  const put = async (row: Columns) => {
    const key = getKey(rows.table.key, row)
    if (key === undefined) return
    const old = rows.fresh ? undefined : ((await asked(store.get(key as IDBValidKey))) as Columns | undefined)
    if (old ? !supersedes(row, old, rows.force) : graves?.holds(rows.table.name, key, row)) return
    store.put(row)
    changed.push({ table: rows.table.name, key, row })
  }
  const remove = async (key: Key) => {
    const old = (await asked(store.get(key as IDBValidKey))) as Columns | undefined
    if (!old) return
    graves?.bury(rows.table.name, key, old)
    store.delete(key as IDBValidKey)
    changed.push({ table: rows.table.name, key, row: null })
  }
  await Promise.all([...(rows.put ?? []).map(put), ...(rows.remove ?? []).map(remove)])
  return changed
}

/**
 * In exact mode `sync_seq` tells which version is newer, in plain mode `updated_at`; where there is neither, the last one heard
 * counts.
 */
function supersedes(row: Columns, old: Columns, force = false): boolean {
  const order = force ? 0 : compareSeq(row, old)
  return order > 0 || (order === 0 && !sameValue(row, old))
}

function compareSeq({ _sync: sync, updated_at }: Columns, old: Columns): number {
  if (!sync) return compareInstants(updated_at, old.updated_at) ?? 0
  return (sync as SyncMark)[0] - ((old._sync as SyncMark | undefined)?.[0] ?? 0)
}
