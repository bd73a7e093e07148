import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { DevServerError } from '../errors.js'
import { type Account, give, requireWay } from './account.js'
import type { Programs } from './programs.js'

/** The local Supabase stack has the same; it is reachable from this computer alone. */
export const password = 'postgres'

/** What a cluster is made with. */
export interface Making {
  readonly programs: Programs
  readonly account: Account
  readonly data: string
  readonly durable: boolean
}

/**
 * Makes a cluster in a directory that is not there or empty.
 * @throws DevServerError `postgres-account`, `postgres-failed`
 */
export async function initialise(making: Making): Promise<void> {
  const { data, programs, account } = making
  await makeDirectory(data, account)
  const passwordFile = path.join(path.dirname(data), 'password')
  await writeFile(passwordFile, password)
  await give(passwordFile, account)
  const flags = [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flagsOf(making)]
  const options = { cwd: path.dirname(data), windowsHide: true, ...account }
  await promisify(execFile)(programs.initdb, flags, options)
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      throw new DevServerError('postgres-failed', detail, error)
    })
    .finally(() => rm(passwordFile, { force: true }))
}

/**
 * Makes the directory of a cluster, which the account can come to.
 * @throws DevServerError `postgres-account`
 */
export async function makeDirectory(data: string, account: Account): Promise<void> {
  await requireWay(path.dirname(data), account)
  await give(path.dirname(data), account)
  await mkdir(data, { recursive: true, mode: 0o700 })
  await give(data, account)
}

/** What `initdb` is told, whatever the directory. */
export const flagsOf = ({ programs, durable }: Making): string[] => [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--no-sync',
  ...(durable ? [] : smallLog(programs.major)),
  ...localeFlags(programs.major),
]

/** Of a cluster that is to be a small archive; before 16 `initdb` keeps some segments ahead. */
const smallLog = (major: number) => ['--wal-segsize=1', ...(major >= 16 ? ['--set=wal_recycle=off'] : [])]

/** Upper and lower case of all letters on every system, and an order that does not depend on it. */
function localeFlags(major: number): string[] {
  if (major >= 17) return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const locale = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8' }[process.platform as string] ?? 'C'
  return [`--locale=${locale}`, '--lc-messages=C']
}
