import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, chown, cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
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
 * Makes sure that the account can come to a directory: each one above it must let it through.
 * @throws DevServerError `postgres-account`
 */
export async function requireWay(directory: string, account: Account): Promise<void> {
  const { uid, gid } = account
  if (uid === undefined) return
  const above = path.dirname(directory)
  if (above === directory) return
  const found = await stat(above)
  const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001
  if ((found.mode & bit) === 0) throw new DevServerError('postgres-account', `${above} is closed to it.`)
  await requireWay(above, account)
}

/**
 * The programs where the account can run them. A checkout below root's home is closed to other
 * accounts; the embedded programs are then copied, once, to the directory for temporary files.
 * @throws DevServerError `postgres-account`
 */
export async function reachable(programs: Programs, account: Account): Promise<Programs> {
  // As this very account they have just told their version.
  if (account.uid === undefined || (await runsAs(programs, account))) return programs
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

/**
 * Copied beside and then renamed, so that nobody ever runs half a copy. Others can write to the
 * directory for temporary files too: a copy that is not our own is not run.
 */
async function copyOf({ root }: Programs): Promise<string> {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12)
  const target = path.join(tmpdir(), `tidemark-postgres-programs-${name}`)
  if (await isOurs(target)) return target
  const half = await mkdtemp(`${target}-`)
  await chmod(half, 0o755)
  await cp(root, path.join(half, 'native'), { recursive: true, verbatimSymlinks: true })
  await rename(path.join(half, 'native'), target).catch(async (error: unknown) => {
    if (!(await isOurs(target))) throw error
  })
  await rm(half, { recursive: true, force: true })
  return target
}

async function isOurs(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => undefined)
  if (found === undefined) return false
  if (found.uid === process.getuid?.()) return true
  throw new DevServerError('postgres-account', `${directory} belongs to somebody else; remove it.`)
}
