import type { Columns } from '../../base/json.js'
import type { ExactTableDigest } from '../../remote/exact.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { getKey, rowId, type Key } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import { heldRanges, knownRanges } from '../held.js'
import { covers } from '../ranges.js'
import { windowMs } from '../window.js'
import { bucketOf, differences } from './digest.js'
import { hashOf, markedRows } from './mark.js'
import { wireRanges } from './plan.js'
import { names, type Position } from './state.js'

/** Beyond this many different buckets a table is fetched as a whole. */
const mostBuckets = 64

/**
 * Compares both sides by digest, and mends what differs (R6). Nothing that is pending is touched. What differs too much is taken
 * from the position's whole tables, so that the next pull fetches all of it.
 *
 * Resolves with false when another leader has stored an answer meanwhile, so that this comparison is too old.
 *
 * @param next the position after it
 * @throws RemoteError
 */
export async function repair(
  context: ProtocolContext,
  tables: readonly Table[],
  found: unknown,
  next: Position,
): Promise<boolean> {
  const { remote, store } = context
  const asked = await Promise.all(tables.map(async (table) => [table.name, await rangesOf(context, table)]))
  const answer = await remote.exact?.digest({ tables: Object.fromEntries(asked) as Record<string, object> })
  const mended: Mending[] = []
  for (const table of tables) mended.push(await mend(context, table, answer?.tables[table.name]))
  const lost = new Set(mended.filter(({ lost }) => lost).map(({ table }) => table.name))
  return store.commit({
    rows: mended.map(({ table, put, remove }) => ({ table, put, remove, force: true })),
    quarantine: mended.flatMap(({ quarantine }) => quarantine),
    meta: { [names.position]: { ...next, tables: next.tables.filter((name) => !lost.has(name)) } },
    when: [names.position, found],
  })
}

const rangesOf = async ({ store }: ProtocolContext, table: Table) =>
  table.window ? { ranges: wireRanges(table, await heldRanges(store, table)) } : {}

interface Mending {
  readonly table: Table
  readonly put: readonly Columns[]
  readonly remove: readonly Key[]
  readonly quarantine: ReturnType<typeof markedRows>['quarantine']
  /** It differs too much to be mended. */
  readonly lost: boolean
}

async function mend(context: ProtocolContext, table: Table, digest?: ExactTableDigest): Promise<Mending> {
  const nothing: Mending = { table, put: [], remove: [], quarantine: [], lost: false }
  const local = await comparedRows(context, table)
  const buckets = digest ? differences(digest, local) : []
  const isSpoilt = (row: Columns): boolean => hashOf(row) === undefined
  if (buckets.length === 0 && !local.some(isSpoilt)) return nothing
  const server = buckets.length > mostBuckets ? undefined : await fetchBuckets(context, table, buckets)
  if (!server) return { ...nothing, lost: true }
  const { rows, quarantine } = markedRows(table, server, context.ports.now())
  const there = new Set(rows.map((row) => rowId(table, row)))
  const doubtful = local.filter((row) => isSpoilt(row) || buckets.includes(bucketOf(hashOf(row) ?? 0)))
  const remove = doubtful
    .filter((row) => !there.has(rowId(table, row)))
    .map((row) => getKey(table.key, row))
    .filter((key) => key !== undefined)
  return { ...nothing, put: rows, remove, quarantine }
}

/**
 * The rows that the server's digest speaks of, and those that should not be here. A row outside what is held that something is
 * pending or parked on is neither: it was kept for that.
 */
async function comparedRows({ store }: ProtocolContext, table: Table): Promise<Columns[]> {
  const rows = await store.readBase(table, {})
  if (!table.window) return rows
  const held = await knownRanges(store, table)
  if (!held) return []
  const isSpokenOf = (row: Columns): boolean =>
    store.overlay.base(table.name, rowId(table, row)) !== undefined
  return rows.filter((row) => covers(held, windowMs(table, row)) || !isSpokenOf(row))
}

/** The server's rows of some buckets; `undefined` when there are too many. */
async function fetchBuckets(
  context: ProtocolContext,
  table: Table,
  buckets: readonly number[],
): Promise<{ rows: readonly Columns[]; hashes: readonly number[] } | undefined> {
  if (buckets.length === 0) return { rows: [], hashes: [] }
  const request = { ...(await rangesOf(context, table)), buckets }
  const answer = await context.remote.exact?.digest({ tables: { [table.name]: request } })
  const { rows, hashes = [] } = answer?.tables[table.name] ?? {}
  return rows && { rows, hashes }
}
