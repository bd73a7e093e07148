import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findAccount, reachable } from './account.js'
import { openDatabase } from './database.js'
import { temporaryHome } from './home.js'
import { isAlive } from './processes.js'
import { findPrograms, programsIn } from './programs.js'

const portOf = (url: string) => new URL(url).port

describe('a temporary database', () => {
  it('is a real PostgreSQL of its own, gone when it stops', async () => {
    const [one, two] = await Promise.all([openDatabase('temporary'), openDatabase('temporary')])
    expect(portOf(one.url)).not.toBe(portOf(two.url))
    const { rows } = await one.pool.query<{ data_directory: string }>('show data_directory')
    const directory = rows[0]?.data_directory ?? ''
    expect(existsSync(directory)).toBe(true)
    await Promise.all([one.stop(), two.stop()])
    expect(existsSync(path.dirname(directory))).toBe(false)
  })

  it('that a killed process left behind is stopped and removed by the next start', async () => {
    const database = await openDatabase('temporary')
    const { rows } = await database.pool.query<{ data_directory: string }>('show data_directory')
    const home = path.dirname(rows[0]?.data_directory ?? '')
    const postmaster = Number(
      (await readFile(path.join(home, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0],
    )
    database.pool.on('error', () => undefined)
    await writeFile(path.join(home, 'owner'), String(await deadProcess()))
    const next = await temporaryHome()
    expect(existsSync(home)).toBe(false)
    expect(isAlive(postmaster)).toBe(false)
    await next.leave()
    await database.stop()
  })
})

/** The id of a process that has just ended. */
function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  return new Promise((resolve) => child.once('exit', () => resolve(child.pid ?? 0)))
}

describe('a database in a directory', () => {
  it('keeps what was written, and belongs to one server at a time', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'tidemark-lasting-'))
    await chmod(parent, 0o755)
    const directory = path.join(parent, 'with spaces')
    const first = await openDatabase({ directory })
    await first.pool.query('create table public.notes (id int); insert into notes values (7)')
    await expect(openDatabase({ directory })).rejects.toMatchObject({ code: 'directory-in-use' })
    await first.stop()
    const second = await openDatabase({ directory })
    expect((await second.pool.query('select id from notes')).rows).toEqual([{ id: 7 }])
    await second.stop()
    await rm(parent, { recursive: true })
  })

  it('of another major version is refused and left alone', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tidemark-lasting-'))
    await mkdir(path.join(directory, 'data'))
    await writeFile(path.join(directory, 'data', 'PG_VERSION'), '9\n')
    await expect(openDatabase({ directory })).rejects.toMatchObject({ code: 'data-version' })
    expect(await readFile(path.join(directory, 'data', 'PG_VERSION'), 'utf8')).toBe('9\n')
    await rm(directory, { recursive: true })
  })
})

describe.runIf(process.getuid?.() === 0)('root', () => {
  it('is told which directory is closed to the account that PostgreSQL runs as', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'tidemark-closed-'))
    const starting = openDatabase({ directory: path.join(parent, 'data') })
    await expect(starting).rejects.toMatchObject({ code: 'postgres-account' })
    await expect(starting).rejects.toThrow(parent)
    await rm(parent, { recursive: true })
  })

  it('runs a copy of the programs when their own directory is closed to the account', async () => {
    const closed = await mkdtemp(path.join(tmpdir(), 'tidemark-closed-'))
    const programs = await findPrograms({})
    const root = path.join(closed, 'native')
    await cp(programs.root, root, { recursive: true, verbatimSymlinks: true })
    const inside = { ...programsIn(path.join(root, 'bin'), true), major: programs.major }
    const account = await findAccount()
    const copied = await reachable(inside, account)
    expect(copied.root).not.toBe(root)
    expect(await reachable(copied, account)).toEqual(copied)
    await Promise.all([closed, copied.root].map((directory) => rm(directory, { recursive: true })))
  })
})

describe('the programs', () => {
  it('are those of PG_BIN when it is set, and it says so when there are none', async () => {
    const programs = await findPrograms({})
    expect(programs).toMatchObject({ embedded: true, major: 18 })
    const given = await findPrograms({ PG_BIN: path.dirname(programs.postgres) })
    expect(given).toMatchObject({ embedded: false, postgres: programs.postgres })
    await expect(findPrograms({ PG_BIN: path.join(tmpdir(), 'nowhere') })).rejects.toMatchObject({
      code: 'postgres-missing',
    })
  })
})
