import type { Columns } from '../base/json.js'
import type { ProtocolContext } from '../remote/protocol.js'
import { getKey, type Key } from '../schema/key.js'
import type { Range, Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import { addRange, covers } from './ranges.js'
import { windowMs } from './window.js'

/** Where the held ranges of a windowed table lie. */
export const heldName = (table: Table): string => `held:${table.name}`

/** The ranges of a windowed table that are whole on this device; `undefined` when that is not known (see `prune`). */
export const knownRanges = (store: Store, table: Table): Promise<Range[] | undefined> =>
  store.meta(heldName(table)) as Promise<Range[] | undefined>

/** The ranges of a windowed table that are known to be whole on this device. */
export const heldRanges = async (store: Store, table: Table): Promise<Range[]> =>
  (await knownRanges(store, table)) ?? []

/** What a commit stores when ranges have become whole. */
export const holding = (table: Table, ranges: readonly Range[]): Record<string, unknown> => ({
  [heldName(table)]: (held: readonly Range[] = []) =>
    ranges.reduce<readonly Range[]>((all, range) => addRange(all, range), held),
})

/**
 * A windowed table keeps rows in a range that it holds or will hold, and drops one that has moved out of all of them. While
 * nothing is known of what it holds, it keeps all: what is dropped in the middle of `prune` would not come again.
 */
export async function keepHeld(
  { store, coming }: ProtocolContext,
  table: Table,
  rows: readonly Columns[],
): Promise<{ put: readonly Columns[]; remove: readonly Key[] }> {
  if (!table.window || rows.length === 0) return { put: rows, remove: [] }
  const ranges = [...(await heldRanges(store, table)), ...(coming.get(table) ?? [])]
  const isInside = (row: Columns): boolean => ranges.length === 0 || covers(ranges, windowMs(table, row))
  const remove = rows.filter((row) => !isInside(row)).map((row) => getKey(table.key, row))
  return { put: rows.filter(isInside), remove: remove.filter((key) => key !== undefined) }
}

/** Takes a range out of those that are asked for. */
export function arrived({ coming }: ProtocolContext, table: Table, ranges: readonly Range[]): void {
  coming.set(
    table,
    (coming.get(table) ?? []).filter((range) => !ranges.includes(range)),
  )
}
