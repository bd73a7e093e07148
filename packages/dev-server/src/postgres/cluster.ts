import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { DevServerError } from '../errors.js'
import { findAccount, reachable } from './account.js'
import { archiveOf, pack, unpack } from './archive.js'
import type { Home } from './home.js'
import { flagsOf, initialise, makeDirectory } from './initialise.js'
import { findPrograms } from './programs.js'
import { type Cluster, run, type Setup } from './run.js'

export type { Cluster } from './run.js'

export type ClusterOptions = Pick<Setup, 'durable' | 'port'>

/** What every cluster is given. */
export interface Furnishing {
  /** Another text for another furnishing. */
  readonly version: string
  /** What is there already stays. */
  readonly furnish: (url: string) => Promise<void>
}

/**
 * Runs PostgreSQL in a home, and makes there what is missing. One that is not durable may be the copy of an earlier one,
 * furnished and all, which takes a fraction of the time.
 * @throws DevServerError `postgres-missing`, `postgres-too-old`, `postgres-account`, `data-version`, `postgres-failed`,
 * `port-in-use`, or what `furnish` throws
 */
export async function startCluster(
  home: Home,
  options: ClusterOptions,
  furnishing: Furnishing,
): Promise<Cluster> {
  const [account, found] = await Promise.all([findAccount(), findPrograms()])
  const programs = await reachable(found, account)
  const setup = { programs, account, data: home.data, ...options }
  return options.durable ? lasting(setup, furnishing) : passing(setup, furnishing)
}

async function lasting(setup: Setup, { furnish }: Furnishing): Promise<Cluster> {
  await requireData(setup)
  const cluster = await run(setup)
  try {
    await furnish(cluster.url)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function requireData(setup: Setup): Promise<void> {
  const { data, programs } = setup
  const versionFile = path.join(data, 'PG_VERSION')
  if (!existsSync(versionFile)) return initialise(setup)
  const version = Number(await readFile(versionFile, 'utf8'))
  if (version === programs.major) return
  const detail = `${data} is of ${String(version)}, the programs are ${String(programs.major)}.`
  throw new DevServerError('data-version', detail)
}

async function passing(setup: Setup, { version, furnish }: Furnishing): Promise<Cluster> {
  const { data, programs, account } = setup
  const archive = await archiveOf(programs.initdb, [...flagsOf(setup), version])
  await makeDirectory(data, account)
  if (await unpack(archive, data, account)) return run(setup)
  await rm(data, { recursive: true })
  await initialise(setup)
  const cluster = await run(setup)
  await furnish(cluster.url).finally(() => cluster.stop())
  await pack(data, archive)
  return run(setup)
}
