import type { Pool } from 'pg'
import { createAuth } from './auth/createAuth.js'
import type { Context } from './context.js'
import { createFaults, type Faults } from './faults.js'
import { createControl } from './http/control.js'
import { listen } from './http/listen.js'
import { misbehaving } from './http/misbehave.js'
import { createRouter } from './http/routes.js'
import { migrate } from './migrations.js'
import { type CompleteOptions, completeOptions, type DevServerOptions } from './options.js'
import { type Database, openDatabase } from './postgres/database.js'
import { createRealtime } from './realtime/createRealtime.js'
import { createRest } from './rest/createRest.js'
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
  /** Runs one statement as the database's owner, past all policies, and gives its rows. */
  sql<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
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
  const tokens = createTokens(complete.jwtSecret, complete.clock)
  const database = await openDatabase(complete.database)
  const { pool, url: databaseUrl } = database
  try {
    const { migrations, seed, clock, log } = complete
    const applied = await migrate(databaseUrl, { migrations, seed })
    if (applied.length > 0) log(`Applied ${applied.join(', ')}`)
    return await serve(complete, database, { pool, databaseUrl, tokens, clock, log })
  } catch (error) {
    await database.stop()
    throw error
  }
}

async function serve(options: CompleteOptions, database: Database, context: Context): Promise<DevServer> {
  const faults = createFaults(options.random)
  const realtime = await createRealtime({ ...context, faults })
  faults.onDropSockets(() => realtime.dropSockets())
  const router = createRouter([
    { prefix: '/rest/v1', service: await createRest(context) },
    { prefix: '/auth/v1', service: createAuth(context) },
    { prefix: '/realtime/v1/api', service: realtime.service },
    { prefix: '/__dev', service: createControl(faults) },
  ])
  const listener = await listen({
    ...options,
    answer: misbehaving(router, faults),
    upgrade: (...opening) => realtime.upgrade(...opening),
  }).catch(async (error: unknown) => {
    await realtime.close()
    throw error
  })
  return {
    url: listener.url,
    ...(await projectKeys(context.tokens)),
    jwtSecret: options.jwtSecret,
    databaseUrl: context.databaseUrl,
    faults,
    sql: (text, values = []) => query(context.pool, text, values),
    stop: async () => {
      await realtime.close()
      await listener.close()
      await database.stop()
    },
  }
}

async function query<Row extends object>(
  pool: Pool,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await pool.query<Row>(text, [...values])
  return rows
}
