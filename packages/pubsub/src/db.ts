import { Pool, type PoolClient } from 'pg'
import { PubsubError } from './errors.js'
import type { Logger } from './log.js'

export interface DatabaseOptions {
  readonly url: string
  /** The most connections at once; the watcher of the log has one more of its own. */
  readonly connections: number
  readonly log: Logger
}

/** How long a query may take, in ms, so that a policy that never ends does not hold a connection for ever. */
const statementTimeout = 10_000

/** Connections for everything but the watching. One that breaks while idle is replaced at the next query. */
export function openPool({ url, connections, log }: DatabaseOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTimeout,
    application_name: 'tidemark-pubsub',
  })
  pool.on('error', (error) => log.warn({ reason: error.message }, 'an idle database connection was lost'))
  // The pool does not listen to one that is in use: its query fails, and its error would end the process as well.
  pool.on('connect', (client) =>
    client.on('error', (error) => log.debug({ reason: error.message }, 'a database connection was lost')),
  )
  return pool
}

/**
 * Makes sure that the roles of users can be taken: without, nobody would be allowed anything, and nobody would know why.
 * @throws PubsubError `role-missing`
 */
export async function requireRoles(pool: Pool, roles: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ role: string }>(
    `select role from unnest($1::text[]) as role
     where not exists (select from pg_roles where rolname = role and pg_has_role(current_user, oid, 'member'))`,
    [roles],
  )
  if (rows.length > 0)
    throw new PubsubError('role-missing', `It is: ${rows.map(({ role }) => role).join(', ')}.`)
}

/** Runs work in one transaction, which is rolled back when the work fails. */
export async function transaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    client.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is not one to give to the next.
    await client.query('rollback').then(
      () => client.release(),
      (broken: unknown) => client.release(broken instanceof Error ? broken : true),
    )
    throw error
  }
}
