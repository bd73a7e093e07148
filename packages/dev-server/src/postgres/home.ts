import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DevServerError } from '../errors.js'
import { commandOf, ended, isAlive } from './processes.js'
import { memory, temporaryRoot } from './temporaryRoot.js'

const prefix = 'tidemark-postgres-home-'

/**
 * A directory that belongs to one running server: `data` is PostgreSQL's, and `owner` holds the id of
 * the process that runs it, by which a later start recognises what a killed one has left behind.
 */
export interface Home {
  readonly data: string
  /** Gives the directory up; a temporary one is removed. */
  leave(): Promise<void>
}

/** Makes a temporary home, after removing those whose owners are gone. */
export async function temporaryHome(): Promise<Home> {
  await removeOrphans()
  const directory = await mkdtemp(path.join(await temporaryRoot(), prefix))
  await own(directory)
  return { data: dataOf(directory), leave: () => remove(directory) }
}

/**
 * Takes a home that stays, and makes it if it is not there.
 * @throws DevServerError `directory-in-use`
 */
export async function lastingHome(directory: string): Promise<Home> {
  await mkdir(directory, { recursive: true })
  const owner = await ownerOf(directory)
  if (owner !== undefined && isAlive(owner)) {
    throw new DevServerError('directory-in-use', `${directory} belongs to process ${String(owner)}.`)
  }
  await stopOrphan(dataOf(directory))
  await own(directory)
  return { data: dataOf(directory), leave: () => rm(ownerFile(directory), { force: true }) }
}

/** Stops the databases of dead owners among the temporary homes, and removes these. */
export async function removeOrphans(): Promise<void> {
  const listed = await Promise.all([...new Set([tmpdir(), memory])].map(homesIn))
  for (const home of listed.flat()) {
    if (!(await isOrphaned(home))) continue
    await stopOrphan(dataOf(home))
    // Another account's leftovers, or a start that removes the same home right now.
    await remove(home).catch(() => undefined)
  }
}

async function homesIn(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => []) // Not every system has both.
  return names.filter((name) => name.startsWith(prefix)).map((name) => path.join(root, name))
}

const dataOf = (directory: string) => path.join(directory, 'data')
const ownerFile = (directory: string) => path.join(directory, 'owner')
const own = (directory: string) => writeFile(ownerFile(directory), String(process.pid))
const remove = (directory: string) => rm(directory, { recursive: true, force: true, maxRetries: 5 })

async function ownerOf(directory: string): Promise<number | undefined> {
  const text = await readFile(ownerFile(directory), 'utf8').catch(() => '')
  return text === '' ? undefined : Number(text)
}

/** A home without an owner may be one that is being made, so it is left alone for a minute. */
async function isOrphaned(directory: string): Promise<boolean> {
  const owner = await ownerOf(directory)
  if (owner !== undefined) return !isAlive(owner)
  const made = await stat(directory).catch(() => undefined)
  return made !== undefined && Date.now() - made.mtimeMs > 60_000
}

/** A process id may have been given to a stranger meanwhile: only a process that names this directory is stopped. */
async function stopOrphan(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!(pid > 0) || !(await commandOf(pid)).includes(data)) return
  process.kill(pid, 'SIGQUIT')
  await ended(pid, 5_000)
}
