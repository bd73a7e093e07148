import { compareInstants } from '../base/instant.js'
import { sameValue, type Columns } from '../base/json.js'
import { getKey, keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { asked } from './idb.js'

/** What the server says of some rows of one table. */
export interface TableRows {
  readonly table: Table
  readonly put?: readonly Columns[]
  readonly remove?: readonly Key[]
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
    const order = compareInstants(row.updated_at, this.#versions.get(`${table}/${keyId(key)}`))
    return order !== undefined && order <= 0
  }
}

/** Writes what the server says into the base rows; answers the rows that did change. Older versions change nothing. */
export async function applyRows(
  transaction: IDBTransaction,
  rows: TableRows,
  graves: Graves,
): Promise<BaseRow[]> {
  const store = transaction.objectStore(rows.table.name)
  const changed: BaseRow[] = []
  const put = async (row: Columns) => {
    const key = getKey(rows.table.key, row)
    if (key === undefined) return
    const old = (await asked(store.get(key as IDBValidKey))) as Columns | undefined
    if (old ? !supersedes(row, old) : graves.holds(rows.table.name, key, row)) return
    store.put(row)
    changed.push({ table: rows.table.name, key, row })
  }
  const remove = async (key: Key) => {
    const old = (await asked(store.get(key as IDBValidKey))) as Columns | undefined
    if (!old) return
    graves.bury(rows.table.name, key, old)
    store.delete(key as IDBValidKey)
    changed.push({ table: rows.table.name, key, row: null })
  }
  await Promise.all([...(rows.put ?? []).map(put), ...(rows.remove ?? []).map(remove)])
  return changed
}

/** In plain mode `updated_at` tells which version is newer; where there is none, the last one heard counts. */
function supersedes(row: Columns, old: Columns): boolean {
  const order = compareInstants(row.updated_at, old.updated_at) ?? 0
  return order > 0 || (order === 0 && !sameValue(row, old))
}
