import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findAccount, reachable } from './account.js'
import { unpack } from './archive.js'
import { initialise } from './initialise.js'
import { findPrograms } from './programs.js'

let directory: string
let first: string
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidemark-archive-'))
  await chmod(directory, 0o755)
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, directory)
  first = await cluster()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

/** Makes a temporary cluster, and resolves with where it lies. */
async function cluster(): Promise<string> {
  const account = await findAccount()
  const data = path.join(await mkdtemp(path.join(directory, 'home-')), 'data')
  await initialise(data, await reachable(await findPrograms(), account), account, true)
  return data
}

/** Holds the number that `initdb` gives each cluster. */
const control = (data: string) => readFile(path.join(data, 'global', 'pg_control'))

async function theArchive(): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.tar'))
  expect(names).toHaveLength(1)
  return path.join(directory, names[0] ?? '')
}

describe('the archive of a fresh cluster', () => {
  it('is kept by the first start, and unpacked by the next ones', async () => {
    const second = await cluster()
    expect(await control(second)).toEqual(await control(first))
    expect((await stat(second)).mode & 0o777).toBe((await stat(first)).mode & 0o777)
  })

  it('is made again when it is broken', async () => {
    const archive = await theArchive()
    const { size } = await stat(archive)
    await writeFile(archive, (await readFile(archive)).subarray(0, size / 2))
    const data = await cluster()
    expect(await control(data)).not.toEqual(await control(first))
    expect((await stat(await theArchive())).size).toBe(size)
    expect(await control(await cluster())).toEqual(await control(data))
  })

  it.skipIf(process.platform === 'win32')('is not trusted when others could have written it', async () => {
    const archive = await theArchive()
    const empty = await mkdtemp(path.join(directory, 'empty-'))
    await chmod(archive, 0o666)
    expect(await unpack(archive, empty, {})).toBe(false)
    await chmod(archive, 0o644)
    expect(await unpack(archive, empty, {})).toBe(true)
  })
})
