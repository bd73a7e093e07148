import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { DevServerError } from '../errors.js'
import { type Account, give, requireWay } from './account.js'
import { archiveOf, pack, unpack } from './archive.js'
import type { Programs } from './programs.js'

/** The local Supabase stack has the same; it is reachable from this computer alone. */
export const password = 'postgres'

/**
 * Makes a cluster in a directory that is not there or empty.
 * @param isTemporary it may be the copy of an earlier one, which takes a quarter of the time
 * @throws DevServerError `postgres-account`, `postgres-failed`
 */
export async function initialise(
  data: string,
  programs: Programs,
  account: Account,
  isTemporary: boolean,
): Promise<void> {
  await requireWay(path.dirname(data), account)
  await give(path.dirname(data), account)
  await makeDirectory(data, account)
  if (!isTemporary) return initdb(data, programs, account)
  const archive = await archiveOf(programs.initdb, flagsOf(programs.major))
  if (await unpack(archive, data, account)) return
  await rm(data, { recursive: true })
  await makeDirectory(data, account)
  await initdb(data, programs, account)
  await pack(data, archive)
}

async function makeDirectory(data: string, account: Account): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  await give(data, account)
}

async function initdb(data: string, programs: Programs, account: Account): Promise<void> {
  const passwordFile = path.join(path.dirname(data), 'password')
  await writeFile(passwordFile, password)
  await give(passwordFile, account)
  const flags = [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flagsOf(programs.major)]
  const options = { cwd: path.dirname(data), windowsHide: true, ...account }
  await promisify(execFile)(programs.initdb, flags, options)
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      throw new DevServerError('postgres-failed', detail, error)
    })
    .finally(() => rm(passwordFile, { force: true }))
}

const flagsOf = (major: number): string[] => [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--no-sync',
  ...localeFlags(major),
]

/** Upper and lower case of all letters on every system, and an order that does not depend on it. */
function localeFlags(major: number): string[] {
  if (major >= 17) return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const locale = { linux: 'C.UTF-8', darwin: 'en_US.UTF-8' }[process.platform as string] ?? 'C'
  return [`--locale=${locale}`, '--lc-messages=C']
}
