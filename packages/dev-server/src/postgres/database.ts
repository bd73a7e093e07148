import path from 'node:path'
import { Pool } from 'pg'
import { DevServerError } from '../errors.js'
import { bootstrap } from './bootstrap.js'
import { type Cluster, startCluster } from './cluster.js'
import { type Home, lastingHome, temporaryHome } from './home.js'

/**
 * Where the data lives: a database that is gone when the server stops, one of our own in a directory
 * that stays, or a PostgreSQL that somebody else runs, by its URL.
 */
export type DatabaseOption =
  'temporary' | { readonly directory: string } | `postgres://${string}` | `postgresql://${string}`

/** A database that has everything Supabase's have. */
export interface Database {
  readonly url: string
  readonly pool: Pool
  stop(): Promise<void>
}

/**
 * Starts or reaches the database and bootstraps it.
 * @throws DevServerError with a code of `startCluster` or `bootstrap`, or `option-invalid`
 */
export async function openDatabase(option: DatabaseOption): Promise<Database> {
  if (typeof option === 'object') return ownDatabase(await lastingHome(path.resolve(option.directory)), true)
  if (option === 'temporary') return ownDatabase(await temporaryHome(), false)
  if (!/^postgres(ql)?:\/\//.test(option)) {
    throw new DevServerError(
      'option-invalid',
      "`database` is neither 'temporary', nor { directory }, nor a URL.",
    )
  }
  await bootstrap(option)
  const pool = openPool(option)
  return { url: option, pool, stop: () => pool.end() }
}

async function ownDatabase(home: Home, durable: boolean): Promise<Database> {
  let cluster: Cluster | undefined
  const close = async () => {
    await cluster?.stop()
    await home.leave()
  }
  try {
    cluster = await startCluster(home, durable)
    await bootstrap(cluster.url)
  } catch (error) {
    await close()
    throw error
  }
  const pool = openPool(cluster.url)
  const stop = () => pool.end().then(close)
  return { url: cluster.url, pool, stop }
}

/** An idle connection that breaks is replaced by the pool at the next query; without a listener it would end the process. */
function openPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 20 })
  pool.on('error', () => undefined)
  return pool
}
