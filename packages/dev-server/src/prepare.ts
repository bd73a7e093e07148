import type { Client } from 'pg'
import { factorSchema } from './auth/factorSchema.js'
import { authSchema } from './auth/schema.js'
import { migrate, type MigrationOptions } from './migrations.js'
import type { Preparation } from './postgres/preparation.js'
import { attachCapture, captureSchema } from './realtime/capture.js'
import { realtimeSchema } from './realtime/realtimeSchema.js'
import { structureWatch } from './rest/catalog/watch.js'
import { keepBuckets } from './storage/buckets.js'
import { storageSchema } from './storage/schema.js'
import type { BucketOptions } from './storage/storageOptions.js'

export interface PrepareOptions extends MigrationOptions {
  readonly buckets: Readonly<Record<string, BucketOptions>>
}

/** How a database comes to the state in which an app finds Supabase: the services' schemas, and the app's migrations and seeds. */
export const preparationOf = (options: PrepareOptions): Preparation => ({
  basis: [authSchema, factorSchema, realtimeSchema, storageSchema, captureSchema, structureWatch],
  apply: (client) => apply(client, options),
})

/** @throws DevServerError with a code of `migrate` */
async function apply(client: Client, options: PrepareOptions): Promise<string[]> {
  const applied = await migrate(client, options)
  if (Object.keys(options.buckets).length > 0) await keepBuckets(client, options.buckets)
  // Afterwards, so that what migrations and seeds write is no change to tell of.
  await attachCapture(client)
  return applied
}
