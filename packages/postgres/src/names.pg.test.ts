import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDatabase, user, type TestDatabase } from '../test/database.js'
import { mutations, newId } from '../test/world.js'

const name = `Odd "%s' $body$ T\\`
const ident = `public."${name.replaceAll('"', '""')}"`
const ann = user(1)

let database: TestDatabase
beforeAll(async () => {
  database = await startDatabase(`
    create table ${ident} ("Key" timestamptz, "%I$body$" int, "user" text, t int, r int, x int, s int, page int, key int, h text,
      primary key ("Key", "%I$body$"));
    create table public."mem'bers" ("of %s" int, "user" text);
    alter table ${ident} enable row level security;
    create policy own on ${ident} to authenticated using ("user" = auth.uid()::text)`)
  await database.sql(`select tidemark.install($1::regclass, owner => 'user', scopes => $2)`, [
    ident,
    JSON.stringify([{ table: `public."mem'bers"`, column: 'of %s', on: '%I$body$', owner: 'user' }]),
  ])
})
afterAll(() => database.stop())

const pull = (request: object) =>
  database.call(ann, 'tidemark_pull', { request: { cookie: null, epoch: null, tables: [name], ...request } })

test('tables and columns of any name are installed, pulled, pushed, compared and told of', async () => {
  const key = ['2026-01-01T10:00:00+00:00', 1]
  const change = (op: string, more: object = {}) => ({ table: name, op, key, values: { user: ann }, ...more })
  const client_id = newId()
  const push = (...list: object[]) => database.call(ann, 'tidemark_push', { client_id, mutations: list })
  const made = await push(
    ...mutations(1, change('insert'), change('update', { values: { t: 1, r: 2, key: 3, page: 4, h: '%s' } })),
  )
  expect(made.results).toEqual([
    { id: 1, status: 'applied' },
    { id: 2, status: 'applied' },
  ])
  const first = await pull({ limit: 1 })
  const [row] = first.tables[name].rows
  expect(row).toMatchObject({ Key: key[0], '%I$body$': 1, t: 1, r: 2, key: 3, page: 4, h: '%s' })
  const conflict = await push(...mutations(3, change('update', { values: { t: 2 }, seq: row.sync_seq - 1 })))
  expect(conflict.results).toMatchObject([{ status: 'conflict', row: { Key: key[0], t: 1, h: '%s' } }])
  const { tables } = await database.call(ann, 'tidemark_digest', { request: { tables: { [name]: {} } } })
  expect(tables[name].xors[first.tables[name].hashes[0] % 256]).toBe(first.tables[name].hashes[0])
  await database.sql(`insert into "mem'bers" values (1, $1)`, [ann])
  const scoped = await pull({ cookie: first.cookie, epoch: first.epoch })
  expect(scoped.tables[name].scopes).toEqual([{ column: '%I$body$', values: [1] }])
})

test('a key that is a time is told as the rows show it, whatever the writer has set', async () => {
  const first = await pull({})
  const [row] = first.tables[name].rows
  const session = await database.connect()
  await session.query(
    `set timezone = 'Asia/Tokyo'; set datestyle = 'German'; update ${ident} set "Key" = '2027-01-01'`,
  )
  const second = await pull({ cookie: first.cookie, epoch: first.epoch })
  expect(second.tables[name].gone).toEqual([[row.Key, 1]])
  expect(second.tables[name].rows).toHaveLength(1)
})

test('what was installed under such a name is taken away whole', async () => {
  await database.sql('select tidemark.uninstall($1)', [ident])
  const left = `select proname from pg_proc where pronamespace = 'tidemark'::regnamespace and proname like any (array['%Odd%', 'scope_%'])`
  expect(await database.sql(`${left} and prorettype = 'trigger'::regtype`)).toEqual([])
  expect(await database.sql('select tgname from pg_trigger where tgrelid = $1::regclass', [ident])).toEqual(
    [],
  )
})
