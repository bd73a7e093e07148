import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, lstat, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Account } from './account.js'

const run = promisify(execFile)

/**
 * The file that keeps a fresh cluster for later starts; it is another one for another `initdb`, another time zone, which that
 * writes down, and other circumstances. One file, because a cleaner of temporary files would take single ones out of a directory.
 */
export async function archiveOf(initdb: string, circumstances: readonly string[]): Promise<string> {
  const { size, mtimeMs } = await stat(initdb)
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  const key = JSON.stringify([initdb, size, mtimeMs, circumstances, leftOut, timeZone, process.getuid?.()])
  const name = createHash('sha256').update(key).digest('hex').slice(0, 12)
  return path.join(tmpdir(), `tidemark-postgres-fresh-${name}.tar`)
}

/** Fills an empty directory as the account. Resolves with false where that cannot be done; what came of it is to be removed. */
export async function unpack(archive: string, directory: string, account: Account): Promise<boolean> {
  if (!(await isOurs(archive))) return false
  const flags = ['-xf', archive, '-C', directory]
  return run('tar', flags, { cwd: path.dirname(directory), windowsHide: true, ...account }).then(
    () => true,
    () => false,
  )
}

/**
 * Keeps a cluster that does not run. It is packed beside and then moved, so that nobody ever unpacks half of one. Where that
 * cannot be done, as without `tar`, the next start takes longer and works as well.
 */
export async function pack(directory: string, archive: string): Promise<void> {
  const half = `${directory}.tar`
  try {
    await run('tar', ['-cf', half, ...leftOut, '-C', directory, '.'], { windowsHide: true })
    await chmod(half, 0o644)
    await rename(half, archive)
  } catch {
    await rm(half, { force: true })
  }
}

/** PostgreSQL makes its maps of free space and of what all see anew; without them there are a quarter fewer files. */
const leftOut = ['--exclude=*_fsm', '--exclude=*_vm']

/** Others can write to the directory for temporary files too. On Windows everybody has one of their own. */
async function isOurs(archive: string): Promise<boolean> {
  const found = await lstat(archive).catch(() => undefined)
  if (!found?.isFile()) return false
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0)
}
