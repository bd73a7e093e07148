import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { unpack } from './archive.js'
import { startCluster } from './cluster.js'
import { connected } from './connected.js'

let directory: string
let first: string
let archive: string
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidemark-archive-'))
  await chmod(directory, 0o755)
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, directory)
  first = await cluster()
  archive = await theArchive()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(directory, { recursive: true })
})

/** Runs a temporary cluster for a moment, and resolves with where it lies. */
async function cluster(furnishing = furnished): Promise<string> {
  const data = path.join(await mkdtemp(path.join(directory, 'home-')), 'data')
  const home = { data, leave: () => Promise.resolve() }
  const running = await startCluster(home, { durable: false }, furnishing)
  expect(await connected(running.url, contents)).toEqual([{ word: 'furnished' }])
  await running.stop()
  return data
}

const furnished = {
  version: '1',
  furnish: (url: string) =>
    connected(url, async (client) => {
      await client.query("create table words as select 'furnished' as word")
    }),
}

const contents = async (client: Client) => (await client.query('select word from words')).rows

/** The number that `initdb` gives each cluster. */
const idOf = async (data: string) =>
  (await readFile(path.join(data, 'global', 'pg_control'))).readBigUInt64LE()

async function theArchive(): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.tar'))
  expect(names).toHaveLength(1)
  return path.join(directory, names[0] ?? '')
}

describe('the archive of a fresh cluster', () => {
  it('is kept by the first start, and unpacked by the next ones', async () => {
    const second = await cluster()
    expect(await idOf(second)).toEqual(await idOf(first))
    expect((await stat(second)).mode & 0o777).toBe((await stat(first)).mode & 0o777)
  })

  it('is another one for another furnishing', async () => {
    const other = await cluster({ ...furnished, version: '2' })
    expect(await idOf(other)).not.toBe(await idOf(first))
    const names = (await readdir(directory)).filter((name) => name.endsWith('.tar'))
    expect(names).toHaveLength(2)
    const [newest = ''] = names.filter((name) => path.join(directory, name) !== archive)
    await rm(path.join(directory, newest))
  })

  it('is made again when it is broken', async () => {
    const { size } = await stat(archive)
    await writeFile(archive, (await readFile(archive)).subarray(0, size / 2))
    const data = await cluster()
    expect(await idOf(data)).not.toEqual(await idOf(first))
    expect((await stat(await theArchive())).size).toBeGreaterThan(size / 2)
    expect(await idOf(await cluster())).toEqual(await idOf(data))
  })

  it.skipIf(process.platform === 'win32')('is not trusted when others could have written it', async () => {
    const empty = await mkdtemp(path.join(directory, 'empty-'))
    await chmod(archive, 0o666)
    expect(await unpack(archive, empty, {})).toBe(false)
    await chmod(archive, 0o644)
    expect(await unpack(archive, empty, {})).toBe(true)
  })
})
