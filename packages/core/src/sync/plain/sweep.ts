import type { Columns } from '../../base/json.js'
import type { Where } from '../../query/query.js'
import { getKey, keyColumns, keyId, type Key } from '../../schema/key.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import type { Table } from '../../schema/table.js'
import { ownRows, pagesByKey, storePage } from './pull.js'
import { heldRanges } from '../held.js'
import { rangeWhere } from '../window.js'

/** Keys that one request asks for; they stand in its URL. */
const keysInUrl = 100

/**
 * Compares the keys on both sides, and repairs: rows that were deleted, or that the user may not see any more, go; rows that
 * the cursor has missed come (R6). What is pending is not touched.
 */
export async function sweep(context: ProtocolContext, table: Table): Promise<void> {
  for (const where of await slices(context, table)) await compare(context, table, where)
}

/** The same for the rows whose column has one of the values. */
export async function sweepValues(
  context: ProtocolContext,
  table: Table,
  column: string,
  values: readonly unknown[],
): Promise<void> {
  for (const where of await slices(context, table))
    for (const some of chunks(values))
      await compare(context, table, { ...where, and: [{ [column]: { in: some } }] })
}

async function compare(context: ProtocolContext, table: Table, where: Where): Promise<void> {
  const server = new Map<string, Key>()
  for await (const page of pagesByKey(context, table, where, table.key)) collect(server, table, page)
  const local = new Map<string, Key>()
  collect(local, table, await context.store.readBase(table, where))
  const only = (some: typeof server, others: typeof server): Key[] =>
    [...some].filter(([id]) => !others.has(id)).map(([, key]) => key)
  await fetchMissing(context, table, only(server, local))
  await dropGone(context, table, only(local, server))
}

async function slices({ store, userId }: ProtocolContext, table: Table): Promise<Where[]> {
  const own = ownRows(table, userId)
  if (!table.window) return [own]
  return (await heldRanges(store, table)).map((range) => ({ ...own, ...rangeWhere(table, range) }))
}

function collect(keys: Map<string, Key>, table: Table, rows: readonly Columns[]): void {
  for (const row of rows) {
    const key = getKey(table.key, row)
    if (key !== undefined) keys.set(keyId(key), key)
  }
}

async function fetchMissing(context: ProtocolContext, table: Table, keys: readonly Key[]): Promise<void> {
  for (const chunk of chunks(keys)) await storePage(context, table, await fetchRows(context, table, chunk))
}

/** Asks again for each key before its row goes: a row that we have inserted meanwhile is not gone. */
async function dropGone(context: ProtocolContext, table: Table, keys: readonly Key[]): Promise<void> {
  for (const chunk of chunks(keys)) {
    const alive = new Map<string, Key>()
    collect(alive, table, await fetchRows(context, table, chunk))
    const gone = chunk.filter((key) => !alive.has(keyId(key)))
    if (gone.length > 0) await context.store.commit({ rows: [{ table, remove: gone }] })
  }
}

/** The server's rows of some keys: those that are there and may be seen. */
export function fetchRows(
  { remote, userId }: ProtocolContext,
  table: Table,
  keys: readonly Key[],
): Promise<Columns[]> {
  const order = table.key.map((column) => [column, 'asc'] as const)
  return remote.select({
    table,
    where: { ...ownRows(table, userId), ...keysWhere(table, keys) },
    order,
    limit: keys.length,
  })
}

function keysWhere(table: Table, keys: readonly Key[]): Where {
  const [column = ''] = table.key
  if (table.key.length === 1) return { [column]: { in: keys } }
  return { or: keys.map((key) => keyColumns(table.key, key) as Where) }
}

function chunks<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / keysInUrl) }, (_, index) =>
    list.slice(index * keysInUrl, (index + 1) * keysInUrl),
  )
}
