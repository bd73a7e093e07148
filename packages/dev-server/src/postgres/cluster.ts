import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { DevServerError } from '../errors.js'
import { type Account, findAccount, reachable } from './account.js'
import type { Home } from './home.js'
import { initialise, password } from './initialise.js'
import { ended } from './processes.js'
import { findPrograms, type Programs } from './programs.js'

/** A PostgreSQL of our own that runs. */
export interface Cluster {
  readonly url: string
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** False trades safety in a power cut for speed. */
  readonly durable: boolean
  /** Left out or 0: the system chooses. */
  readonly port?: number
}

/**
 * Runs PostgreSQL in a home, and initialises the home if it is empty.
 * @throws DevServerError `postgres-missing`, `postgres-too-old`, `postgres-account`, `data-version`, `postgres-failed`,
 * `port-in-use`
 */
export async function startCluster(home: Home, options: ClusterOptions): Promise<Cluster> {
  const [account, found] = await Promise.all([findAccount(), findPrograms()])
  const programs = await reachable(found, account)
  await prepare(home.data, programs, account, !options.durable)
  const { child, port } = await launch({ programs, data: home.data, account, ...options })
  const killAtExit = () => void child.kill('SIGQUIT')
  process.once('exit', killAtExit)
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      process.removeListener('exit', killAtExit)
      await stop(child, programs, home.data, account)
    },
  }
}

async function prepare(
  data: string,
  programs: Programs,
  account: Account,
  isTemporary: boolean,
): Promise<void> {
  const versionFile = path.join(data, 'PG_VERSION')
  if (!existsSync(versionFile)) return initialise(data, programs, account, isTemporary)
  const version = Number(await readFile(versionFile, 'utf8'))
  if (version === programs.major) return
  const detail = `${data} is of ${String(version)}, the programs are ${String(programs.major)}.`
  throw new DevServerError('data-version', detail)
}

const options = (data: string, account: Account) => ({
  cwd: path.dirname(data),
  windowsHide: true,
  ...account,
})

interface Launch extends ClusterOptions {
  readonly programs: Programs
  readonly data: string
  readonly account: Account
}

/** The port is free when it is asked for; if somebody takes it before PostgreSQL does, another is tried. */
async function launch(wanted: Launch, tries = 3): Promise<{ child: ChildProcess; port: number }> {
  const { programs, data, account, durable } = wanted
  const port = await freePort(wanted.port ?? 0)
  const flags = ['-D', data, '-p', String(port), ...settings(durable)]
  const child = spawn(programs.postgres, flags, {
    ...options(data, account),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C reaches the whole group of a terminal; the database must outlive the server's own clean-up.
    detached: process.platform !== 'win32',
  })
  try {
    await ready(child)
  } catch (error) {
    if (tries <= 1 || !String(error).includes('could not bind')) throw error
    return launch(wanted, tries - 1)
  }
  return { child, port }
}

function settings(durable: boolean): string[] {
  const always = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'wal_level=logical',
    'lc_messages=C',
  ]
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum_naptime=10s']
  return [...always, ...(durable ? [] : fast)].flatMap((setting) => ['-c', setting])
}

/** @throws DevServerError `port-in-use` */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const detail = `It is 127.0.0.1:${String(wanted)}, which the database wants.`
      reject(new DevServerError('port-in-use', detail, error))
    })
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Resolves when PostgreSQL says so; what it says later is read, so that its pipe never fills. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    child.once('error', (error) => reject(new DevServerError('postgres-failed', error.message, error)))
    child.once('exit', () => reject(new DevServerError('postgres-failed', `It said:\n${said}`)))
  })
}

/** A fast shutdown: open connections are ended, the data is left clean. Windows knows no signals. */
async function stop(child: ChildProcess, programs: Programs, data: string, account: Account): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') {
    await promisify(execFile)(programs.pgCtl, ['stop', '-D', data, '-m', 'fast'], options(data, account))
  } else {
    child.kill('SIGINT')
  }
  if (await ended(child.pid, 10_000)) return
  child.kill('SIGKILL')
  await ended(child.pid, 5_000)
}
