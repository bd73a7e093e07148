import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidemark } from '../../test/command.js'
import { startDatabase, type TestDatabase } from '../../test/database.js'
import { schema, tables } from '../../test/world.js'
import { downMigration, migrationFor } from '../index.js'

let database: TestDatabase
const structure = async () => [
  await database.sql(`select table_schema, table_name, column_name, data_type from information_schema.columns
    where table_schema in ('public', 'tidemark') order by 1, 2, ordinal_position`),
  await database.sql(`select tgrelid::regclass::text as relation, tgname, tgenabled from pg_trigger
    where not tgisinternal and tgrelid::regclass::text !~ '^(auth|realtime)' order by 1, 2`),
  await database.sql(`select indexdef from pg_indexes where schemaname = 'public' order by 1`),
  await database.sql(`select proname, proacl::text from pg_proc where pronamespace in ('public'::regnamespace,
    to_regnamespace('tidemark')) order by 1`),
]
let bare: unknown

beforeAll(async () => {
  database = await startDatabase(schema)
  await database.sql(downMigration())
  bare = await structure()
})
afterAll(() => database.stop())

test('the migration may be run twice, by an owner who is no superuser', async () => {
  await database.sql(migrationFor(tables))
  const once = await structure()
  await database.sql(migrationFor(tables))
  expect(await structure()).toEqual(once)
  const [{ rolsuper }] = await database.sql('select rolsuper from pg_roles where rolname = current_user')
  expect(rolsuper).toBe(false)
})

test('what the database has is not printed again', async () => {
  await database.sql(`select tidemark.uninstall('public.docs')`)
  const { out } = await tidemark('sql', '--schema', 'appSchema.ts', '--url', database.ownerUrl)
  expect(out).toMatch(/^select tidemark\.install\('public\.docs'.*\);\n$/)
  await database.sql(out)
  expect(await tidemark('sql', '--schema', 'appSchema.ts', '--url', database.ownerUrl)).toMatchObject({
    out: '',
  })
})

test('rows that are there are not rewritten, and stay when exact mode is taken away', async () => {
  await database.sql(downMigration())
  await database.sql(
    `insert into notes (user_id, title) select gen_random_uuid(), 'old' from generate_series(1, 100)`,
  )
  const before = await database.sql('select id, xmin::text, ctid::text from notes order by id')
  await database.sql(migrationFor(tables))
  expect(await database.sql('select id, xmin::text, ctid::text from notes order by id')).toEqual(before)
  await database.sql(downMigration())
  expect(await structure()).toEqual(bare)
  expect(await database.sql('select count(*)::int as n from notes')).toEqual([{ n: 100 }])
})

test('an index that was made beforehand is kept, and made anew for another owner', async () => {
  const indexOf = () =>
    database.sql(`select oid, pg_get_indexdef(oid) as sql from pg_class where relname = 'tidemark_large'`)
  await database.sql(migrationFor({}))
  await database.sql(
    `create table public.large (id int primary key, a text, sync_xid xid8 not null default '0', sync_seq bigint not null default 0)`,
  )
  await database.sql('create index concurrently tidemark_large on large (sync_xid, sync_seq, id)')
  const before = await indexOf()
  await database.sql(`select tidemark.install('public.large')`)
  expect(await indexOf()).toEqual(before)
  await database.sql(`select tidemark.install('public.large', owner => 'a')`)
  const [after] = await indexOf()
  expect(after.sql).toMatch(/\(a, sync_xid, sync_seq, id\)/)
})

test('a scope whose columns are of different types is refused, and nothing of it stays', async () => {
  await database.sql(migrationFor(tables))
  const wrong = `select tidemark.install('public.docs', scopes => '[{"table":"public.settings","column":"name"}]')`
  await expect(database.sql(wrong)).rejects.toThrow(/not of one type/)
  await expect(database.sql(`select tidemark.install('public.docs', owner => 'nobody')`)).rejects.toThrow(
    /no such key/,
  )
  const list = `create table public.lists (id int[] primary key); select tidemark.install('public.lists')`
  await expect(database.sql(list)).rejects.toThrow(/a list or a record/)
})

test('a declared table can still be dropped by the app', async () => {
  await database.sql('create table public.passing (id uuid primary key)')
  await database.sql(`select tidemark.install('public.passing')`)
  await database.sql('drop table public.passing')
  await database.sql(`select tidemark.uninstall('passing')`)
  expect(await database.sql(`select from tidemark.tables where name = 'passing'`)).toEqual([])
})
