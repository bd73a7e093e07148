import { authSchema } from './auth/schema.js'
import { migrate, type MigrationOptions } from './migrations.js'
import { bootstrap } from './postgres/bootstrap.js'
import { installCapture } from './realtime/capture.js'

/**
 * Brings a database to the state in which an app finds Supabase: what every one has, the app's migrations and seeds, and
 * the capture of changes. What is there stays.
 * @returns the names of the files that were applied now
 * @throws DevServerError with a code of `bootstrap` or `migrate`
 */
export async function prepare(url: string, options: MigrationOptions): Promise<string[]> {
  await bootstrap(url, [authSchema])
  const applied = await migrate(url, options)
  // Afterwards, so that what migrations and seeds write is no change to tell of.
  await installCapture(url)
  return applied
}
