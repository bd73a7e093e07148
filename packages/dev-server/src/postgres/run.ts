import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { DevServerError } from '../errors.js'
import type { Account } from './account.js'
import { password } from './initialise.js'
import { ended } from './processes.js'
import type { Programs } from './programs.js'

/** What PostgreSQL is run with. */
export interface Setup {
  readonly programs: Programs
  readonly account: Account
  readonly data: string
  /** False trades safety in a power cut for speed. */
  readonly durable: boolean
  /** Left out or 0: the system chooses. */
  readonly port?: number
}

/** A PostgreSQL of our own that runs. */
export interface Cluster {
  readonly url: string
  stop(): Promise<void>
}

/**
 * Runs PostgreSQL on a cluster.
 * @throws DevServerError `postgres-failed`, `port-in-use`
 */
export async function run(setup: Setup): Promise<Cluster> {
  const { child, port } = await launch(setup)
  const killAtExit = () => void child.kill('SIGQUIT')
  process.once('exit', killAtExit)
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`,
    stop: async () => {
      process.removeListener('exit', killAtExit)
      await stop(child, setup)
    },
  }
}

const options = ({ data, account }: Setup) => ({ cwd: path.dirname(data), windowsHide: true, ...account })

/** The port is free when it is asked for; if somebody takes it before PostgreSQL does, another is tried. */
async function launch(setup: Setup, tries = 3): Promise<{ child: ChildProcess; port: number }> {
  const { programs, data, durable } = setup
  const port = await freePort(setup.port ?? 0)
  const flags = ['-D', data, '-p', String(port), ...settings(durable)]
  const child = spawn(programs.postgres, flags, {
    ...options(setup),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C reaches the whole group of a terminal; the database must outlive the server's own clean-up.
    detached: process.platform !== 'win32',
  })
  try {
    await ready(child)
  } catch (error) {
    if (tries <= 1 || !String(error).includes('could not bind')) throw error
    return launch(setup, tries - 1)
  }
  return { child, port }
}

const always = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'wal_level=logical',
  'lc_messages=C',
]

/** What is gone after the server needs no safety, and keeps no old log. */
const fast = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_init_zero=off',
  'wal_recycle=off',
  'min_wal_size=2MB',
  'max_wal_size=256MB',
  'autovacuum_naptime=10s',
]

const settings = (durable: boolean): string[] =>
  [...always, ...(durable ? [] : fast)].flatMap((setting) => ['-c', setting])

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
async function stop(child: ChildProcess, setup: Setup): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') {
    const flags = ['stop', '-D', setup.data, '-m', 'fast']
    await promisify(execFile)(setup.programs.pgCtl, flags, options(setup))
  } else {
    child.kill('SIGINT')
  }
  if (await ended(child.pid, 10_000)) return
  child.kill('SIGKILL')
  await ended(child.pid, 5_000)
}
