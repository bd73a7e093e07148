import { startDevServer } from '@tidemark/dev-server'
import { appendFile, chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { Copy, startWorld } from '../test/world.js'
import { kitSql } from './index.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const ann = user(1)
const insert = (title: string) =>
  database.sql('insert into notes (user_id, title) values ($1, $2)', [ann, title])
const epochIn = async (url: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ epoch: string }>('select tidemark.epoch() as epoch')
  await client.end()
  return rows[0]?.epoch
}

/** Where PostgreSQL keeps its data below a server's directory. */
const dataIn = async (directory: string): Promise<string> => {
  const files = await readdir(directory, { recursive: true })
  const version = files.find((file) => path.basename(file) === 'PG_VERSION' && !file.includes('base'))
  return path.join(directory, path.dirname(version ?? '.'))
}

test('the epoch stays while nothing happens to the database', async () => {
  await insert('one')
  const copy = new Copy(database, ann)
  await copy.pull()
  await database.sql('vacuum (freeze) tidemark.epoch')
  await database.server.sql('checkpoint')
  const [again] = await copy.pull()
  expect(again).toMatchObject({ reset: false, epoch: copy.epoch })
})

test('a database that is restored beside the first one has another epoch', async () => {
  const [own] = await database.sql('select tidemark.epoch() as epoch, id from tidemark.epoch')
  await database.server.sql('create database restored owner tide_owner')
  const url = new URL(database.ownerUrl)
  url.pathname = '/restored'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  await client.query(kitSql())
  await client.query('update tidemark.epoch set id = $1', [own.id])
  await client.end()
  const restored = await epochIn(url.href)
  expect(restored?.slice(0, 36)).toBe(own.epoch.slice(0, 36))
  expect(restored).not.toBe(own.epoch)
})

test('a server that recovered to a point in time has another epoch', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidemark-recovery-'))
  await chmod(directory, 0o755)
  try {
    const first = await startDevServer({ port: 0, database: { directory } })
    await first.sql(kitSql())
    const before = await epochIn(first.databaseUrl)
    await first.stop()
    const again = await startDevServer({ port: 0, database: { directory } })
    expect(await epochIn(again.databaseUrl)).toBe(before)
    await again.stop()
    const data = await dataIn(directory)
    await writeFile(path.join(data, 'recovery.signal'), '')
    await appendFile(path.join(data, 'postgresql.auto.conf'), "restore_command = 'exit 1'\n")
    const recovered = await startDevServer({ port: 0, database: { directory } })
    expect(await epochIn(recovered.databaseUrl)).not.toBe(before)
    await recovered.stop()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

test('a restored epoch table is another history, even within the same database', async () => {
  await insert('one')
  const copy = new Copy(database, ann)
  await copy.pull()
  await insert('two')
  const [row] = await database.sql('delete from tidemark.epoch returning id')
  await database.sql('insert into tidemark.epoch (id) values ($1)', [row.id])
  const before = copy.epoch
  const [answer] = await copy.pull()
  expect(answer).toMatchObject({ reset: true, tables: {}, page: null, missing: [] })
  expect(answer.epoch).not.toBe(before)
  const [next] = await copy.pull()
  expect(next).toMatchObject({ reset: false, tables: {} })
})

test('rows that a backup brings from a later time are delivered whole, and hold no pull back', async () => {
  await insert('restored')
  await database.sql(`alter table notes disable trigger zz_tidemark_stamp; update notes set sync_xid = '99999999';
    alter table notes enable always trigger zz_tidemark_stamp`)
  const copy = new Copy(database, ann)
  await copy.pull()
  expect(copy.titles()).toEqual(['restored'])
  const [again] = await copy.pull()
  expect(again.tables).toEqual({})
  await database.sql(`update notes set title = 'written'`)
  await copy.pull()
  expect(copy.titles()).toEqual(['written'])
})

test('whoever was away longer than touches are kept is told so', async () => {
  await insert('one')
  const [here, away] = [new Copy(database, ann), new Copy(database, ann)]
  await Promise.all([here.pull(), away.pull()])
  await database.sql('delete from notes')
  await here.pull()
  expect(await database.sql(`select tidemark.prune('1 hour') as n`)).toEqual([{ n: '0' }])
  const [{ n }] = await database.sql(`select tidemark.prune('0') as n`)
  expect(Number(n)).toBeGreaterThan(0)
  const [[late], [current]] = await Promise.all([away.pull(), here.pull()])
  expect([late.expired, current.expired]).toEqual([true, false])
  const [next] = await away.pull()
  expect(next.expired).toBe(false)
})

test('a client that has not pushed for long is forgotten, and begins anew', async () => {
  const client_id = '00000000-0000-4000-8000-0000000000cc'
  const call = (id: number) =>
    database.call(ann, 'tidemark_push', { client_id, mutations: [{ id, changes: [] }] })
  await call(1)
  await database.sql(`select tidemark.prune('30 days', '0')`)
  expect(await call(2)).toMatchObject({ gap: 1, last: 0 })
})
