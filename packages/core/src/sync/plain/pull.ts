import { compareInstants } from '../../base/instant.js'
import type { Columns } from '../../base/json.js'
import type { Where } from '../../query/query.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import type { Range, Table } from '../../schema/table.js'
import { decodeRows } from '../decode.js'
import { arrived, heldRanges, holding, keepHeld } from '../held.js'
import { missingRanges } from '../ranges.js'
import { rangeWhere } from '../window.js'

/** Rows a page. */
export const pageSize = 1_000

/** The pull position of a table in plain mode: the last row seen, in the order of the pull. Server values. */
type Cookie = Columns & { readonly updated_at: string }

const cookieName = (table: Table) => `cookie:${table.name}`

/** Only the user's own rows, where the declaration names an owner. */
export const ownRows = (table: Table, userId: string): Where =>
  table.owner === undefined ? {} : { [table.owner]: userId }

const pullOrder = (table: Table) => ['updated_at', ...table.key].map((column) => [column, 'asc'] as const)

/**
 * Pulls what has changed in a table since the cookie, page by page; the cookie moves with each page, in its transaction (R4).
 * A cursor on `updated_at` can miss rows of transactions that commit late: best effort, see the docs on modes.
 */
export async function pullChanges(context: ProtocolContext, table: Table): Promise<void> {
  const { store, remote, userId } = context
  let cookie =
    ((await store.meta(cookieName(table))) as Cookie | undefined) ?? (await firstCookie(context, table))
  let after: Columns | undefined = cookie && {
    updated_at: new Date(Date.parse(cookie.updated_at) - context.overlap).toISOString(),
  }
  for (;;) {
    const page = await remote.select({
      table,
      where: ownRows(table, userId),
      order: pullOrder(table),
      limit: pageSize,
      after,
    })
    const last = page.at(-1)
    if (last) {
      cookie = later(cookie, position(table, last))
      await storePage(context, table, page, { [cookieName(table)]: cookie })
      after = position(table, last)
    }
    // Rows without a time come last; the comparison of keys takes care of them.
    if (page.length < pageSize || !last?.updated_at) return
  }
}

/** A windowed table does not pull its history: its cookie begins at the newest row, and ranges bring the rest. */
async function firstCookie(
  { remote, store, userId }: ProtocolContext,
  table: Table,
): Promise<Cookie | undefined> {
  if (!table.window) return undefined
  const order = ['updated_at', ...table.key].map((column) => [column, 'desc'] as const)
  const [newest] = await remote.select({ table, where: ownRows(table, userId), order, limit: 1 })
  const cookie = newest ? position(table, newest) : undefined
  if (cookie) await store.commit({ meta: { [cookieName(table)]: cookie } })
  return cookie
}

/** Pulls the parts of a range that are not held yet, and holds them from then on. */
export async function pullRange(context: ProtocolContext, table: Table, wanted: Range): Promise<void> {
  const { store } = context
  for (const missing of missingRanges(await heldRanges(store, table), wanted)) {
    for await (const page of pagesByKey(context, table, {
      ...ownRows(table, context.userId),
      ...rangeWhere(table, missing),
    }))
      await storePage(context, table, page, {}, true)
    await store.commit({ meta: holding(table, [missing]) })
  }
  arrived(context, table, [wanted])
}

/** Pages of server rows in the order of the key. */
export async function* pagesByKey(
  { remote }: ProtocolContext,
  table: Table,
  where: Where,
  columns?: readonly string[],
): AsyncGenerator<Columns[]> {
  const order = table.key.map((column) => [column, 'asc'] as const)
  let after: Columns | undefined
  for (;;) {
    const page = await remote.select({
      table,
      where,
      order,
      limit: pageSize,
      columns,
      after,
    })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < pageSize) return
    after = Object.fromEntries(table.key.map((column) => [column, last[column]]))
  }
}

/** Stores server rows. A windowed table keeps those in a held range, and drops a row that has moved out of all of them. */
export async function storePage(
  context: ProtocolContext,
  table: Table,
  server: readonly Columns[],
  meta: Readonly<Record<string, unknown>> = {},
  inRange = false,
): Promise<void> {
  const { rows, quarantine } = decodeRows(table, server, context.ports.now())
  const kept = inRange ? { put: rows } : await keepHeld(context, table, rows)
  await context.store.commit({ rows: [{ table, ...kept }], meta, quarantine })
}

const position = (table: Table, row: Columns): Cookie =>
  Object.fromEntries(['updated_at', ...table.key].map((column) => [column, row[column]])) as Cookie

/** The later of two positions. Rows of the overlap come again and must not move the cookie back. */
function later(cookie: Cookie | undefined, next: Cookie): Cookie | undefined {
  if (!cookie) return compareInstants(next.updated_at, next.updated_at) === undefined ? undefined : next
  return (compareInstants(next.updated_at, cookie.updated_at) ?? -1) >= 0 ? next : cookie
}
