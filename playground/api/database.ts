import type { Claims } from './authenticate.ts'
import { HttpError } from './httpError.ts'
import { openPool } from './openPool.js'

/** Runs one statement. */
export type Ask = (
  text: string,
  values?: readonly unknown[],
) => Promise<{ readonly rows: Record<string, unknown>[]; readonly rowCount: number | null }>

/** A connection, until it is released. */
interface Connection {
  readonly query: Ask
  release(destroy: boolean): void
}

/** What is used of a pool of connections. */
export interface Pool {
  connect(): Promise<Connection>
  on(event: 'error', heard: (error: Error) => void): unknown
  end(): Promise<void>
}

export interface Database {
  /**
   * Runs `work` in one transaction as the user of the claims: the policies decide what it sees and may write.
   *
   * @throws HttpError 403 when the user has no role
   */
  as<T>(claims: Claims, work: (ask: Ask) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** Connects when the first request comes. `lost` hears of connections that end while nobody uses them. */
export function openDatabase(connectionString: string, lost: (error: Error) => void): Database {
  const pool = openPool(connectionString)
  let ending = false
  pool.on('error', (error) => {
    // The database may end a connection that is just being closed.
    if (!ending) lost(error)
  })
  return {
    stop: () => {
      ending = true
      return pool.end()
    },
    as: async (claims, work) => {
      const client = await pool.connect()
      let broken = true
      try {
        await client.query('begin')
        await become(client, claims)
        const result = await work((text, values) => client.query(text, values))
        await client.query('commit')
        broken = false
        return result
      } catch (error) {
        broken = await rollback(client)
        throw error
      } finally {
        client.release(broken)
      }
    },
  }
}

async function become(client: Connection, claims: Claims): Promise<void> {
  const { rows } = await client.query(
    `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true),
      set_config('statement_timeout', '10s', true)`,
    [JSON.stringify(claims)],
  )
  if (rows.length === 0) throw new HttpError(503, 'no-session', 'The database cannot be reached now.')
  const { rows: known } = await client.query('select app.my_role() as role')
  if (known[0]?.role == null)
    throw new HttpError(403, 'no-role', 'You have no role here. Ask an administrator.')
}

/** @returns whether the connection is of no use any more */
const rollback = (client: Connection): Promise<boolean> =>
  client.query('rollback').then(
    () => false,
    () => true,
  )
