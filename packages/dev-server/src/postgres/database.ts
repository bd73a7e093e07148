import path from 'node:path'
import { Pool } from 'pg'
import { DevServerError } from '../errors.js'
import { bootstrap } from './bootstrap.js'
import { type Cluster, startCluster } from './cluster.js'
import { type Home, lastingHome, temporaryHome } from './home.js'
import {
  createCopy,
  dropCopy,
  dropSpares,
  keepTemplate,
  makeSpare,
  openOffice,
  restore,
  templateOf,
} from './template.js'

/**
 * Where the data lives: a database that is gone when the server stops, one of our own in a directory that stays, a copy of
 * what a running server was started with, or a PostgreSQL that somebody else runs, by its URL.
 */
export type DatabaseOption =
  | 'temporary'
  | {
      readonly directory: string
      /** Left out: the system chooses. */
      readonly port?: number
    }
  | {
      /** The `databaseUrl` of a server that runs, in this process or another one. */
      readonly copyOf: string
    }
  | `postgres://${string}`
  | `postgresql://${string}`

/** Brings the database of a URL to the state that apps expect; what is there stays. Resolves with what it applied. */
export type Prepare = (url: string) => Promise<readonly string[]>

/** A database that has everything Supabase's have. */
export interface Database {
  readonly url: string
  readonly pool: Pool
  /** What was applied when it was opened. */
  readonly applied: readonly string[]
  /** Applies what is new since, to the migrated state as well. */
  prepare(): Promise<readonly string[]>
  /**
   * Brings back the migrated state. Ends all connections but those of the pool that somebody uses.
   * @throws DevServerError `reset-unavailable`
   */
  restore(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts or reaches the database and prepares it.
 * @throws DevServerError with a code of `startCluster` or `bootstrap`, or `option-invalid`
 */
export async function openDatabase(
  option: DatabaseOption,
  prepare: Prepare = bootstrapOnly,
): Promise<Database> {
  if (option === 'temporary') return ownDatabase(await temporaryHome(), { durable: false }, prepare)
  if (typeof option === 'string') return foreignDatabase(option, prepare)
  if ('copyOf' in option) return copiedDatabase(option.copyOf)
  const home = await lastingHome(path.resolve(option.directory))
  return ownDatabase(home, { durable: true, port: option.port ?? 0 }, prepare)
}

const bootstrapOnly: Prepare = async (url) => {
  await bootstrap(url)
  return []
}

async function ownDatabase(
  home: Home,
  options: { readonly durable: boolean; readonly port?: number },
  prepare: Prepare,
): Promise<Database> {
  let cluster: Cluster | undefined
  const close = async () => {
    await cluster?.stop()
    await home.leave()
  }
  try {
    cluster = await startCluster(home, options)
    const { url } = cluster
    // Neither needs the other; but when one fails, the other one is not to find the database stopped under it.
    const work = [prepare(url), openOffice(url)] as const
    const [applied] = await Promise.all(work).finally(() => Promise.allSettled(work))
    // One that is there from an earlier start has not seen the new migrations.
    if (!(await keepTemplate(url))) await prepareTemplate(url, prepare)
    const prepareBoth: Prepare = async () => {
      const names = await prepare(url)
      await prepareTemplate(url, prepare)
      return names
    }
    return opened(url, { applied, prepare: prepareBoth, close })
  } catch (error) {
    await close()
    throw error
  }
}

async function prepareTemplate(url: string, prepare: Prepare): Promise<void> {
  await dropSpares(url)
  await prepare(templateOf(url))
}

async function copiedDatabase(original: string): Promise<Database> {
  const url = await createCopy(original)
  return opened(url, { applied: [], prepare: () => Promise.resolve([]), close: () => dropCopy(url) })
}

function opened(
  url: string,
  { applied, prepare, close }: { applied: readonly string[]; prepare: Prepare; close: () => Promise<void> },
): Database {
  const pool = openPool(url)
  let spare: Promise<void> = Promise.resolve()
  return {
    url,
    pool,
    applied,
    prepare: () => spare.then(() => prepare(url)),
    restore: async () => {
      await Promise.all([spare, evictIdle(pool)])
      await restore(url)
      // Whoever resets once does so again. Without a spare that takes longer, and works as well.
      spare = makeSpare(url).catch(() => undefined)
    },
    stop: async () => {
      await spare
      await pool.end()
      await close()
    },
  }
}

async function foreignDatabase(
  url: `${'postgres' | 'postgresql'}://${string}`,
  prepare: Prepare,
): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    const detail = "`database` is neither 'temporary', nor { directory }, nor { copyOf }, nor a URL."
    throw new DevServerError('option-invalid', detail)
  }
  const applied = await prepare(url)
  const pool = openPool(url)
  return {
    url,
    pool,
    applied,
    prepare: () => prepare(url),
    restore: () => Promise.reject(new DevServerError('reset-unavailable', 'It was given by its URL.')),
    stop: () => pool.end(),
  }
}

/**
 * A connection that breaks is replaced by the pool at the next query; without a listener it would end the process, also while
 * somebody has it.
 */
function openPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 20 })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Else the next query would be given a connection whose end the pool has not heard of yet. */
async function evictIdle(pool: Pool): Promise<void> {
  const idle = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()))
  for (const client of idle) client.release(true)
}
