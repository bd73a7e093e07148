import { Client, DatabaseError } from 'pg'
import { CommandError } from '../errors.js'

/**
 * Does something with a connection, and ends it.
 *
 * @throws CommandError `database-unreachable`
 */
export async function withDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'tidemark' })
  await client.connect().catch((error: unknown) => {
    throw new CommandError('database-unreachable', `${reasonOf(error)}.`, error)
  })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Words without the URL, which holds a password. */
function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.message
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** The database that was named, or the one of the environment. */
export function mustUrl(
  url: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const found = url ?? environment.DATABASE_URL
  if (found === undefined) throw new CommandError('url-missing', 'None was named.')
  return found
}
