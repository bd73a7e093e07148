import type { ClientBase, Pool } from 'pg'
import { actionOf, changesLists, type Change } from './change.js'

interface Row {
  readonly snapshot: string
  readonly code: string | null
  readonly id: string
  readonly action: number
  readonly version: string | null
  readonly row: string
}

/** One page of what is committed and not in a snapshot. */
export interface Page {
  readonly changes: Change[]
  /** What was committed when the first page was read, as text of a `pg_snapshot`. */
  readonly snapshot: string
  /** Where the next page begins; left out on the last one. */
  readonly next?: string
}

/** The most log rows a page has. */
export const pageSize = 5_000

// Rows that a snapshot does not include are those of transactions from xmax on and of those that were running: two ranges
// of an index, however long ago the oldest of them began.
const newsSql = `
with now as materialized (select pg_current_snapshot()::text as snapshot)
select now.snapshot, l.entity_code as code, l.entity_id as id, l.action, l.version, l.seq as row
from now left join lateral (
  select entity_code, entity_id, action, version, seq from app.system_logging
  where (xid >= pg_snapshot_xmax($1::pg_snapshot) or xid = any(array(select pg_snapshot_xip($1::pg_snapshot))))
    and ($4::text is null or pg_visible_in_snapshot(xid, $4::pg_snapshot))
    and seq > $2::bigint and action <> 0 and entity_code is not null and entity_id is not null
  order by seq limit $3
) l on true
order by l.seq`

/** Which page of news is wanted. Snapshots are texts of a `pg_snapshot`. */
export interface PageRequest {
  /** What is known already. */
  readonly since: string
  /** The `next` of the page before; left out for the first. */
  readonly after?: string | undefined
  /** The snapshot of the first page, so that what is committed between pages is left to the next read. */
  readonly until?: string | undefined
}

/** Reads one page of news, in one statement and so in one snapshot. */
export async function readPage(client: ClientBase, request: PageRequest): Promise<Page> {
  const { since, after = '0', until = null } = request
  const { rows } = await client.query<Row>({
    name: 'pubsub-news',
    text: newsSql,
    values: [since, after, pageSize, until],
  })
  const last = rows.at(-1)
  const changes = rows.flatMap((row) => (row.code === null ? [] : [toChange(row.code, row)]))
  return {
    changes,
    snapshot: until ?? last?.snapshot ?? since,
    ...(last !== undefined && rows.length === pageSize && { next: last.row }),
  }
}

function toChange(
  entityCode: string,
  { id, action, version }: Pick<Row, 'id' | 'action' | 'version'>,
): Change {
  return {
    entityCode,
    entityId: id,
    action: actionOf(action),
    lists: changesLists(action),
    ...(version !== null && { version: Number(version) }),
  }
}

/** Where the log stands, and which log it is. */
export interface LogState {
  readonly snapshot: string
  readonly epoch: string
  /** The last transaction of which rows were removed. */
  readonly prunedThrough: string
}

export async function readState(client: ClientBase | Pool): Promise<LogState> {
  const { rows } = await client.query<LogState>(
    `select pg_current_snapshot()::text as snapshot, app.pubsub_epoch() as epoch,
       pruned_through::text as "prunedThrough" from app.system_pubsub_state`,
  )
  const state = rows[0]
  if (state === undefined) throw new Error('app.system_pubsub_state has no row.')
  return state
}

const missedSql = `
select distinct on (l.entity_code, l.entity_id) l.entity_code as code, l.entity_id as id, l.action, l.version
from unnest($2::text[], $3::uuid[]) as s(code, id)
join app.system_logging l on l.entity_code = s.code and l.entity_id = s.id
where l.xid >= $1::xid8 and l.action <> 0
order by l.entity_code, l.entity_id, l.seq desc limit $4`

/**
 * The last change of each of these entities since a transaction.
 * @param limit the most that are read
 */
export async function readMissed(
  pool: Pool,
  since: string,
  entities: { readonly codes: readonly string[]; readonly ids: readonly string[] },
  limit: number,
): Promise<Change[]> {
  const { rows } = await pool.query<Row>({
    name: 'pubsub-missed',
    text: missedSql,
    values: [since, entities.codes, entities.ids, limit],
  })
  return rows.map((row) => toChange(row.code ?? '', row))
}

/** Which of these entities had rows that came, went or were shared since a transaction. */
export async function readChangedLists(
  pool: Pool,
  since: string,
  codes: readonly string[],
): Promise<string[]> {
  const { rows } = await pool.query<{ code: string }>(
    `select code from unnest($2::text[]) as code where exists (select from app.system_logging l
       where l.entity_code = code and l.xid >= $1::xid8 and l.action in (4, 5, 6, 7))`,
    [since, codes],
  )
  return rows.map(({ code }) => code)
}
