import type { ExactPullAnswer, ExactPullRequest, ExactTablePage, WireRange } from '@tidemark/core/remote'
import { keyId } from '@tidemark/core/remote'
import { SqlError, type ScopeEvent, type Version } from './database.js'
import { hashOf } from './hash.js'
import type { SimServer } from './server.js'
import { includes, parseSnapshot, snapshotText, type Snapshot } from './snapshot.js'

/** What the next page must know. */
interface Page {
  readonly first: string
  readonly table: number
  readonly xid: number
  readonly id: string
}

/** `tidemark_pull`, as PROTOCOL.md of @tidemark/postgres says it. */
export function pull(server: SimServer, user: string, request: ExactPullRequest): ExactPullAnswer {
  const { database, epoch, options } = server
  const snapshot = database.snapshot
  const page = request.page as Page | null | undefined
  const first = page ? parseSnapshot(page.first) : snapshot
  const head = { epoch, role: 'authenticated', cookie: snapshotText(first), snapshot: snapshotText(snapshot) }
  const flags = { reset: false, expired: false, missing: [], tables: {}, page: null }
  if (request.epoch !== null && request.epoch !== epoch) return { ...head, ...flags, reset: true }
  const cookie = request.cookie === null ? undefined : parseCookie(request.cookie, snapshot)
  const wanted = request.tables.flatMap((name, index) =>
    deliverable(server, user, request, name, index, cookie, first),
  )
  const sorted = wanted.sort(inOrder).filter((one) => !page || inOrder(one, page) > 0)
  const rows = sorted.slice(0, Math.min(request.limit ?? 1_000, options.pageSize))
  const last = rows.at(-1)
  const next: Page | null =
    last && rows.length < sorted.length
      ? { first: snapshotText(first), table: last.table, xid: last.xid, id: last.id }
      : null
  const tables: Record<string, ExactTablePage> = {}
  request.tables.forEach((name, index) => {
    const versions = rows.filter(({ table }) => table === index).map(({ version }) => version)
    tables[name] = {
      rows: versions.map(({ row, seq, xid }) => ({ ...row, sync_seq: seq, sync_xid: String(xid) })),
      hashes: versions.map(hashOf),
      ...(page || !cookie ? {} : lostOf(server, user, name, cookie, first)),
    }
  })
  return { ...head, ...flags, tables, page: next }
}

interface Deliverable {
  readonly table: number
  readonly xid: number
  readonly id: string
  readonly version: Version
}

const inOrder = (a: Omit<Deliverable, 'version'>, b: Omit<Deliverable, 'version'>): number =>
  a.table - b.table || a.xid - b.xid || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

function parseCookie(text: string, now: Snapshot): Snapshot {
  try {
    const cookie = parseSnapshot(text)
    if (cookie.xmax <= now.xmax) return cookie
  } catch {
    throw new SqlError('TM002', `'${text}' is no cookie.`)
  }
  throw new SqlError('TM002', `The cookie '${text}' is from the future.`)
}

function deliverable(
  server: SimServer,
  user: string,
  request: ExactPullRequest,
  name: string,
  table: number,
  cookie: Snapshot | undefined,
  first: Snapshot,
): Deliverable[] {
  const ranges = request.ranges?.[name]
  const full = !cookie || (request.full?.includes(name) ?? false)
  const values = cookie ? valuesOf(server, user, name, cookie, first) : new Map<string, Set<unknown>>()
  const isWanted = ({ row, xid }: Version): boolean => {
    if (ranges?.some((range) => isInside(row[range.column], range))) return true
    if (full) return ranges === undefined
    const inScope = [...values].some(([column, set]) => set.has(row[column]))
    return inScope || !includes(cookie, xid)
  }
  const seen = new Set(server.visible(user, name))
  return server.database
    .all(name)
    .filter((version) => seen.has(version.row) && isWanted(version))
    .map((version) => ({ table, xid: version.xid, id: keyId(version.key), version }))
}

const isInside = (value: unknown, { from, to }: WireRange): boolean =>
  (value as number) >= (from as number) && (value as number) <= (to as number)

const isBetween = (xid: number, cookie: Snapshot, first: Snapshot): boolean =>
  !includes(cookie, xid) && includes(first, xid)

/** The values of scopes that have changed for a user, by column. */
function valuesOf(
  { database }: SimServer,
  user: string,
  name: string,
  cookie: Snapshot,
  first: Snapshot,
): Map<string, Set<unknown>> {
  const concerns = ({ table, owner, xid }: ScopeEvent): boolean =>
    table === name && (owner === null || owner === user) && isBetween(xid, cookie, first)
  const values = new Map<string, Set<unknown>>()
  for (const { column, value } of database.scopeEvents.filter(concerns))
    values.set(column, (values.get(column) ?? new Set()).add(value))
  return values
}

function lostOf(
  server: SimServer,
  user: string,
  name: string,
  cookie: Snapshot,
  first: Snapshot,
): Pick<ExactTablePage, 'gone' | 'scopes'> {
  const { database } = server
  const gone = database.touches
    .filter(
      ({ table, owner, xid }) =>
        table === name && (owner === null || owner === user) && isBetween(xid, cookie, first),
    )
    .map(({ key }) => key)
    .filter((key) => {
      const row = database.row(name, key)
      return !row || !server.visible(user, name).includes(row)
    })
  const scopes = [...valuesOf(server, user, name, cookie, first)].map(([column, values]) => ({
    column,
    values: [...values],
  }))
  return { gone, scopes }
}
