import { DatabaseError, type Pool, type PoolClient } from 'pg'
import type { Claims } from '../context.js'
import type { Row } from './changeLog.js'
import { pick, recordOf } from './matching.js'
import { quoteName, type TableFacts } from './metadata.js'

/** Somebody with their claims, and the positions of the rows they ask for. */
export interface Asker {
  readonly claims: Claims
  readonly positions: ReadonlySet<number>
}

/** So many connections ask at a time, at most. */
const lanes = 4

/**
 * Which of the rows, by position, each asker may see now: one query with the asker's role and claims, in which row level
 * security decides. A query that fails shows nothing.
 */
export async function visibleRows(
  pool: Pool,
  table: TableFacts,
  rows: readonly Row[],
  askers: readonly Asker[],
  log: (message: string) => void,
): Promise<ReadonlySet<number>[]> {
  const results: ReadonlySet<number>[] = askers.map(() => new Set())
  const queue = askers.entries()
  const lane = async (): Promise<void> => {
    const client = await pool.connect()
    try {
      for (const [at, asker] of queue) results[at] = await ask(client, table, rows, asker, log)
    } finally {
      client.release()
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, askers.length) }, lane))
  return results
}

async function ask(
  client: PoolClient,
  table: TableFacts,
  rows: readonly Row[],
  { claims, positions }: Asker,
  log: (message: string) => void,
): Promise<ReadonlySet<number>> {
  const wanted = [...positions]
  const keys = wanted.map((position) => JSON.stringify(pick(rows[position] ?? {}, table.key)))
  await client.query('begin read only')
  try {
    await client.query(
      `select set_config('statement_timeout', '5000', true), set_config('request.jwt.claims', $2, true),
         set_config('role', $1, true)`,
      [claims.role, JSON.stringify(claims)],
    )
    const { rows: seen } = await client.query<{ at: number }>(probe(table), [keys])
    return new Set(seen.flatMap(({ at }) => wanted[at] ?? []))
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    // No right to the table is an answer, anything else a mistake in a policy that its author wants to know.
    if (error.code !== '42501')
      log(`Realtime: a policy of ${table.schema}.${table.name} failed: ${error.message}`)
    return new Set()
  } finally {
    await client.query('rollback')
  }
}

function probe(table: TableFacts): string {
  const same = table.key.map((name) => `t.${quoteName(name)} = k.${quoteName(name)}`).join(' and ')
  return `select (g.at - 1)::int as at from unnest($1::text[]) with ordinality as g (row, at)
    cross join lateral jsonb_to_record(g.row::jsonb) as k (${recordOf(table, table.key)})
    join ${quoteName(table.schema)}.${quoteName(table.name)} t on ${same}`
}
