import type { Pool } from 'pg'
import { createClock, type MovableClock } from './clock.js'
import type { Context } from './context.js'
import { createFaults, type Faults } from './faults.js'
import { listen } from './http/listen.js'
import { misbehaving } from './http/misbehave.js'
import { type CompleteOptions, completeOptions, type DevServerOptions } from './options.js'
import { type Database, openDatabase } from './postgres/database.js'
import { preparationOf } from './prepare.js'
import { startServices } from './services.js'
import { createTokens, projectKeys } from './tokens.js'

/** A running embedded Supabase. */
export interface DevServer {
  /** What `createClient` takes: `http://127.0.0.1:54321`. */
  readonly url: string
  readonly anonKey: string
  readonly serviceRoleKey: string
  readonly jwtSecret: string
  readonly databaseUrl: string
  readonly faults: Faults
  /** Decides when tokens expire; move it to see them do so. */
  readonly clock: MovableClock
  /** Runs one statement as the database's owner, past all policies, and gives its rows. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /**
   * Brings the database back to where migrations and seeds had left it. Users made since are gone, and their sessions with
   * them; sockets stay open, and hear what is written from then on.
   * @throws DevServerError `reset-unavailable`
   */
  reset(): Promise<void>
  /**
   * Starts another server on a database of its own, in the migrated state, within a fraction of a second. Stop it before this one.
   * @throws DevServerError `copy-unavailable`
   */
  copy(): Promise<DevServer>
  /** Applies the migrations that are new since the start, and resolves with the names of their files. */
  migrate(): Promise<readonly string[]>
  /** Ends all connections and the database; a temporary one is removed. */
  stop(): Promise<void>
}

/**
 * Starts a Supabase on this computer: REST, Auth and Realtime over a real PostgreSQL.
 * @throws DevServerError with the code that says why it cannot start
 * @example
 * const server = await startDevServer({ migrations: ['supabase/migrations'] })
 * const supabase = createClient(server.url, server.anonKey)
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const complete = completeOptions(options)
  const { migrations, seed, log } = complete
  const clock = createClock(complete.clock)
  const tokens = createTokens(complete.jwtSecret, clock.now, complete.signingKeys)
  const preparation = preparationOf({ migrations, seed, buckets: complete.storage.buckets ?? {} })
  const database = await openDatabase(complete.database, preparation)
  const { pool, url: databaseUrl, applied } = database
  try {
    if (applied.length > 0) log(`Applied ${applied.join(', ')}`)
    return await serve(complete, database, clock, { pool, databaseUrl, tokens, clock: clock.now, log })
  } catch (error) {
    await database.stop()
    throw error
  }
}

async function serve(
  options: CompleteOptions,
  database: Database,
  clock: MovableClock,
  context: Context,
): Promise<DevServer> {
  const faults = createFaults(options.random)
  const services = await startServices(options, database, { faults, clock }, context)
  const listener = await listen({
    ...options,
    answer: misbehaving(services.answer, faults),
    upgrade: (...opening) => services.upgrade(...opening),
  }).catch(async (error: unknown) => {
    await services.close()
    throw error
  })
  return {
    url: listener.url,
    ...(await projectKeys(context.tokens)),
    jwtSecret: options.jwtSecret,
    databaseUrl: context.databaseUrl,
    faults,
    clock,
    sql: (text, values = []) => query(context.pool, text, values),
    reset: () => services.reset(),
    copy: () => startDevServer({ ...withoutFiles(options), database: { copyOf: context.databaseUrl } }),
    migrate: () => database.prepare(),
    stop: async () => {
      await services.close()
      await listener.close()
      await database.stop()
    },
  }
}

/** A copy has the migrations and seeds already, and its own port. */
const withoutFiles = (options: CompleteOptions): DevServerOptions => ({
  ...options,
  port: 0,
  migrations: [],
  seed: [],
})

async function query<Row extends object>(
  pool: Pool,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await pool.query<Row>(text, [...values])
  return rows
}
