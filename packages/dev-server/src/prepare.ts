import { Client } from 'pg'
import { authSchema } from './auth/schema.js'
import { migrate, type MigrationOptions } from './migrations.js'
import { bootstrap } from './postgres/bootstrap.js'
import { installCapture } from './realtime/capture.js'
import { realtimeSchema } from './realtime/realtimeSchema.js'
import { keepBuckets } from './storage/buckets.js'
import { storageSchema } from './storage/schema.js'
import type { BucketOptions } from './storage/storageOptions.js'

export interface PrepareOptions extends MigrationOptions {
  readonly buckets: Readonly<Record<string, BucketOptions>>
}

/**
 * Brings a database to the state in which an app finds Supabase: what every one has, the app's migrations and seeds, and
 * the capture of changes. What is there stays.
 * @returns the names of the files that were applied now
 * @throws DevServerError with a code of `bootstrap` or `migrate`
 */
export async function prepare(url: string, options: PrepareOptions): Promise<string[]> {
  await bootstrap(url, [authSchema, realtimeSchema, storageSchema])
  const applied = await migrate(url, options)
  await makeBuckets(url, options.buckets)
  // Afterwards, so that what migrations and seeds write is no change to tell of.
  await installCapture(url)
  return applied
}

async function makeBuckets(url: string, buckets: PrepareOptions['buckets']): Promise<void> {
  if (Object.keys(buckets).length === 0) return
  const client = new Client({ connectionString: url })
  await client.connect()
  await keepBuckets(client, buckets).finally(() => client.end())
}
