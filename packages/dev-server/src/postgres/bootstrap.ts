import { Client, DatabaseError } from 'pg'
import { DevServerError } from '../errors.js'
import { type BootstrapStep, steps } from './bootstrapSteps.js'

/** The bootstrap's own steps, and more. */
export const everyStep = (more: readonly BootstrapStep[]): readonly BootstrapStep[] => [...steps, ...more]

/**
 * Makes what every Supabase database has: roles, the schemas `auth` and `extensions`, the functions
 * `auth.uid()` and its kin, default privileges and the publication `supabase_realtime`. What is there
 * already stays as it is.
 * @param more what is to be made besides, in its order
 * @throws DevServerError `database-unreachable`, `postgres-too-old`, `privilege-missing`
 */
export async function bootstrap(url: string, more: readonly BootstrapStep[] = []): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect().catch((error: unknown) => {
    throw new DevServerError('database-unreachable', reasonOf(error), error)
  })
  try {
    await requireVersion(client)
    await client.query(`set client_min_messages = warning; select pg_advisory_lock(${String(lock)})`)
    for (const { makes, sql } of everyStep(more)) {
      await client.query(sql).catch((error: unknown) => {
        throw new DevServerError(
          'privilege-missing',
          `It could not make ${makes}: ${reasonOf(error)}.`,
          error,
        )
      })
    }
  } finally {
    await client.end()
  }
}

/** Two servers that start on one database take turns; the number only has to be ours. */
const lock = 846_219_035

async function requireVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  )
  const version = rows[0]?.version ?? 0
  if (version < 15) throw new DevServerError('postgres-too-old', `It is ${String(version)}.`)
}

/** Words without the URL, which holds a password. */
function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.message
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
