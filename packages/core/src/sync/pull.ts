import { compareInstants } from '../base/instant.js'
import type { Columns } from '../base/json.js'
import type { Ports } from '../base/ports.js'
import type { Where } from '../query/query.js'
import type { Remote } from '../remote/remote.js'
import { getKey, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import { decodeRows } from './decode.js'
import { addRange, covers, missingRanges, type Range } from './ranges.js'
import { rangeWhere, windowMs } from './window.js'

/** Rows a page. */
export const pageSize = 1_000

export interface PullContext {
  readonly store: Store
  readonly remote: Remote
  readonly ports: Ports
  readonly userId: string
  /** How far before the cookie a pull begins, in ms: transactions that began earlier may commit later. */
  readonly overlap: number
  /**
   * Ranges that are being pulled or will be. News of rows in them is kept: a row that is written while its range is being
   * read may stand in no page, and the event that told of it does not come again.
   */
  readonly coming: Map<Table, readonly Range[]>
}

/** The pull position of a table in plain mode: the last row seen, in the order of the pull. Server values. */
type Cookie = Columns & { readonly updated_at: string }

const cookieName = (table: Table) => `cookie:${table.name}`
const heldName = (table: Table) => `held:${table.name}`

/** Only the user's own rows, where the declaration names an owner. */
export const ownRows = (table: Table, userId: string): Where =>
  table.owner === undefined ? {} : { [table.owner]: userId }

const pullOrder = (table: Table) => ['updated_at', ...table.key].map((column) => [column, 'asc'] as const)

/**
 * Pulls what has changed in a table since the cookie, page by page; the cookie moves with each page, in its transaction (R4).
 * A cursor on `updated_at` can miss rows of transactions that commit late: best effort, see the docs on modes.
 */
export async function pullChanges(context: PullContext, table: Table): Promise<void> {
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
  { remote, store, userId }: PullContext,
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
export async function pullRange(context: PullContext, table: Table, wanted: Range): Promise<void> {
  const { store, coming } = context
  const others = (coming.get(table) ?? []).filter((range) => range !== wanted)
  coming.set(table, [...others, wanted])
  for (const missing of missingRanges(await heldRanges(store, table), wanted)) {
    for await (const page of pagesByKey(context, table, {
      ...ownRows(table, context.userId),
      ...rangeWhere(table, missing),
    }))
      await storePage(context, table, page, {}, true)
    await store.commit({ meta: { [heldName(table)]: addRange(await heldRanges(store, table), missing) } })
  }
  coming.set(
    table,
    (coming.get(table) ?? []).filter((range) => range !== wanted),
  )
}

export const heldRanges = async (store: Store, table: Table): Promise<Range[]> =>
  ((await store.meta(heldName(table))) as Range[] | undefined) ?? []

/** Pages of server rows in the order of the key. */
export async function* pagesByKey(
  { remote }: PullContext,
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
  context: PullContext,
  table: Table,
  server: readonly Columns[],
  meta: Readonly<Record<string, unknown>> = {},
  inRange = false,
): Promise<void> {
  const { store, ports, coming } = context
  const { rows, quarantine } = decodeRows(table, server, ports.now())
  const held =
    table.window && !inRange ? [...(await heldRanges(store, table)), ...(coming.get(table) ?? [])] : undefined
  const inside = held ? rows.filter((row) => covers(held, windowMs(table, row))) : rows
  const outside = held ? rows.filter((row) => !covers(held, windowMs(table, row))) : []
  const remove = outside.map((row) => getKey(table.key, row)).filter((key): key is Key => key !== undefined)
  await store.commit({
    rows: [{ table, put: inside, remove }],
    meta,
    quarantine,
  })
}

const position = (table: Table, row: Columns): Cookie =>
  Object.fromEntries(['updated_at', ...table.key].map((column) => [column, row[column]])) as Cookie

/** The later of two positions. Rows of the overlap come again and must not move the cookie back. */
function later(cookie: Cookie | undefined, next: Cookie): Cookie | undefined {
  if (!cookie) return compareInstants(next.updated_at, next.updated_at) === undefined ? undefined : next
  return (compareInstants(next.updated_at, cookie.updated_at) ?? -1) >= 0 ? next : cookie
}
