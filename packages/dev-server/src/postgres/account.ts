import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, cp, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { DevServerError } from '../errors.js'
import { type Programs, programsIn } from './programs.js'

const run = promisify(execFile)

/** The account PostgreSQL runs as; empty for the one that runs this process. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
}

/**
 * PostgreSQL refuses to run as root. For root this is the account `postgres`, or else `nobody`;
 * no account is created.
 * @throws DevServerError `postgres-account`
 */
export async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const account = await idsOf(name)
    if (account) return account
  }
  throw new DevServerError('postgres-account', 'There is neither postgres nor nobody.')
}

async function idsOf(name: string): Promise<Account | undefined> {
  const ids = await Promise.all(['-u', '-g'].map((kind) => run('id', [kind, name]).catch(() => undefined)))
  const [uid, gid] = ids.map((id) => Number(id?.stdout.trim() || NaN))
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid ?? 0, gid: gid ?? 0 } : undefined
}

/** Gives a directory to the account. */
export async function give(directory: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
}

/**
 * The programs where the account can run them. A checkout below root's home is closed to other
 * accounts; the embedded programs are then copied, once, to the directory for temporary files.
 * @throws DevServerError `postgres-account`
 */
export async function reachable(programs: Programs, account: Account): Promise<Programs> {
  if (await runsAs(programs, account)) return programs
  if (!programs.embedded) {
    throw new DevServerError('postgres-account', `${programs.postgres} is closed to the account.`)
  }
  const copied = { ...programsIn(path.join(await copyOf(programs), 'bin'), true), major: programs.major }
  if (await runsAs(copied, account)) return copied
  throw new DevServerError('postgres-account', `${copied.postgres} is closed to the account.`)
}

const runsAs = ({ postgres }: Programs, account: Account) =>
  run(postgres, ['--version'], { cwd: tmpdir(), ...account }).then(
    () => true,
    () => false,
  )

/** Copied beside and then renamed, so that nobody ever runs half a copy. */
async function copyOf({ root, major }: Programs): Promise<string> {
  const target = path.join(tmpdir(), `tidemark-postgres-${String(major)}-programs`)
  if (existsSync(target)) return target
  const half = await mkdtemp(`${target}-`)
  await cp(root, path.join(half, 'native'), { recursive: true, verbatimSymlinks: true })
  await rename(path.join(half, 'native'), target).catch((error: unknown) => {
    if (!existsSync(target)) throw error
  })
  await rm(half, { recursive: true, force: true })
  return target
}
