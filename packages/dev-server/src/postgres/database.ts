import path from 'node:path'
import { Pool } from 'pg'
import { DevServerError } from '../errors.js'
import { bootstrap, everyStep } from './bootstrap.js'
import { type Cluster, type ClusterOptions, type Furnishing, startCluster } from './cluster.js'
import { connected } from './connected.js'
import { type Home, lastingHome, temporaryHome } from './home.js'
import { bootstrapOnly, type Preparation } from './preparation.js'
import { createSpare } from './spare.js'
import { createCopy, dropCopy, dropSpares, keepTemplate, restore, templateOf } from './template.js'

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
 * @throws DevServerError with a code of `startCluster` or `bootstrap`, or `option-invalid`, or what the preparation throws
 */
export async function openDatabase(
  option: DatabaseOption,
  preparation: Preparation = bootstrapOnly,
): Promise<Database> {
  if (option === 'temporary') return ownDatabase(await temporaryHome(), { durable: false }, preparation)
  if (typeof option === 'string') return foreignDatabase(option, preparation)
  if ('copyOf' in option) return copiedDatabase(option.copyOf)
  const home = await lastingHome(path.resolve(option.directory))
  return ownDatabase(home, { durable: true, port: option.port ?? 0 }, preparation)
}

async function ownDatabase(home: Home, options: ClusterOptions, preparation: Preparation): Promise<Database> {
  let cluster: Cluster | undefined
  const close = async () => {
    await cluster?.stop()
    await home.leave()
  }
  try {
    cluster = await startCluster(home, options, furnishingOf(preparation))
    const { url } = cluster
    const [applied, isNew] = await connected(
      url,
      async (client) => [await preparation.apply(client), await keepTemplate(client)] as const,
    )
    // One that is there from an earlier start has not seen the new migrations.
    if (!isNew) await prepareTemplate(url, preparation)
    const prepare = async () => {
      const names = await connected(url, (client) => preparation.apply(client))
      await prepareTemplate(url, preparation)
      return names
    }
    return opened(url, { applied, prepare, close, isForTests: !options.durable, isCopy: false })
  } catch (error) {
    await close()
    throw error
  }
}

const furnishingOf = ({ basis }: Preparation): Furnishing => ({
  version: JSON.stringify(everyStep(basis)),
  furnish: (url) => bootstrap(url, basis),
})

async function prepareTemplate(url: string, { basis, apply }: Preparation): Promise<void> {
  await dropSpares(url)
  await bootstrap(templateOf(url), basis)
  await connected(templateOf(url), apply)
}

async function copiedDatabase(original: string): Promise<Database> {
  const url = await createCopy(original)
  const close = () => dropCopy(url)
  return opened(url, {
    applied: [],
    prepare: () => Promise.resolve([]),
    close,
    isForTests: true,
    isCopy: true,
  })
}

interface Opening extends Pick<Database, 'applied' | 'prepare'> {
  readonly close: () => Promise<void>
  /** It will be reset, and often. */
  readonly isForTests: boolean
  /** Its cluster is another server's, and goes on. */
  readonly isCopy: boolean
}

function opened(url: string, { applied, prepare, close, isForTests, isCopy }: Opening): Database {
  const pool = openPool(url)
  const spare = createSpare(url)
  if (isForTests) spare.begin()
  return {
    url,
    pool,
    applied,
    prepare: async () => {
      await spare.settled()
      const names = await prepare()
      spare.forget()
      return names
    },
    restore: async () => {
      await Promise.all([spare.made(), evictIdle(pool)])
      await restore(url)
      spare.forget()
      // Whoever resets once does so again.
      spare.begin()
    },
    stop: async () => {
      if (isCopy) await spare.settled()
      await pool.end()
      await close()
      // A cluster that stops has taken along what was being made.
      await spare.settled()
    },
  }
}

async function foreignDatabase(
  url: `${'postgres' | 'postgresql'}://${string}`,
  { basis, apply }: Preparation,
): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    const detail = "`database` is neither 'temporary', nor { directory }, nor { copyOf }, nor a URL."
    throw new DevServerError('option-invalid', detail)
  }
  const prepare = async () => {
    await bootstrap(url, basis)
    return connected(url, apply)
  }
  const applied = await prepare()
  const pool = openPool(url)
  return {
    url,
    pool,
    applied,
    prepare,
    restore: () => Promise.reject(new DevServerError('reset-unavailable', 'It was given by its URL.')),
    stop: () => pool.end(),
  }
}

/**
 * A connection that breaks is replaced by the pool at the next query; without a listener it would end the process, also while
 * somebody has it.
 */
function openPool(connectionString: string): Pool {
  // Whoever waits for a connection is refused after as long as with PostgREST.
  const pool = new Pool({ connectionString, max: 20, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Else the next query would be given a connection whose end the pool has not heard of yet. */
async function evictIdle(pool: Pool): Promise<void> {
  const idle = await Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect()))
  for (const client of idle) client.release(true)
}
