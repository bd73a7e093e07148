import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidemark } from '../../test/command.js'
import { startDatabase, type TestDatabase } from '../../test/database.js'
import { schema, tables } from '../../test/world.js'
import { examine } from '../doctor/examine.js'
import type { Finding } from '../doctor/finding.js'
import { migrationFor } from '../index.js'
import { withDatabase } from './database.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startDatabase(schema, tables)
  await database.server.sql('alter publication supabase_realtime add table notes, docs, members, settings')
})
afterAll(() => database.stop())

const ask = async () => {
  const { code, out, note } = await tidemark(
    'doctor',
    '--url',
    database.ownerUrl,
    '--schema',
    'appSchema.ts',
    '--json',
  )
  const found = JSON.parse(out) as Finding[]
  return { code, note, found, codes: found.map(({ code, table }) => `${code} ${table ?? ''}`.trim()) }
}
/** What is found while something is wrong; it is mended afterwards. */
const wrong = async (sql: string, mend: string) => {
  await database.sql(sql)
  const asked = await ask()
  await database.sql(mend)
  return asked
}

test('a database as it should be has nothing wrong', async () => {
  expect(await ask()).toMatchObject({ code: 0, found: [], note: 'Nothing is wrong.\n' })
})

test('row level security that is off, and policies that show what belongs to others', async () => {
  expect(
    await wrong(
      'alter table notes disable row level security',
      'alter table notes enable row level security',
    ),
  ).toMatchObject({
    code: 2,
    codes: ['rls-off notes'],
  })
  expect(
    await wrong('create policy all_see on notes for select using (true)', 'drop policy all_see on notes'),
  ).toMatchObject({
    code: 1,
    codes: ['policy-open notes'],
  })
})

test('triggers that are missing or do not fire, and an index that is missing, are mended by their fix', async () => {
  await database.sql(`alter table notes disable trigger zz_tidemark_stamp; drop trigger tidemark_deleted on docs;
    drop index tidemark_settings`)
  const { code, codes, found } = await ask()
  expect([code, codes]).toEqual([
    2,
    ['trigger-missing docs', 'trigger-disabled notes', 'index-missing settings'],
  ])
  for (const { fix } of found) await database.sql(fix.split('; ')[0] ?? '')
  expect(await ask()).toMatchObject({ code: 0 })
})

test('tables that Realtime does not tell of', async () => {
  await database.server.sql('alter publication supabase_realtime drop table docs')
  const asked = await ask()
  await database.server.sql(asked.found[0]?.fix ?? '')
  expect(asked).toMatchObject({ code: 1, codes: ['not-published docs'] })
  expect(await ask()).toMatchObject({ code: 0 })
})

test('declarations that do not fit the tables', async () => {
  const asked = await wrong(
    `alter table notes rename title to name; alter table docs add column must text not null;
     alter table settings add column up text generated always as (upper(name)) stored`,
    `alter table notes rename name to title; alter table docs drop column must; alter table settings drop column up`,
  )
  expect(asked).toMatchObject({
    code: 2,
    codes: ['column-missing notes', 'column-undeclared notes', 'column-undeclared docs'],
  })
})

test('touches that are kept too long', async () => {
  await database.sql(
    `insert into tidemark.tombstones (name, key, at) values ('notes', '[1]', now() - interval '1 year')`,
  )
  const asked = await ask()
  await database.sql(`select tidemark.prune()`)
  expect(asked).toMatchObject({ code: 1, codes: ['touches-old'] })
})

test('a transaction that has written and stays open is named', async () => {
  const open = await database.connect()
  await open.query(`set application_name = 'sleepy'; begin; select pg_current_xact_id()`)
  await open.query('select pg_sleep(0.2)')
  const found = await withDatabase(database.ownerUrl, (client) =>
    examine({ client, declared: tables, now: Date.now, longest: 0.1 }),
  )
  await open.query('rollback')
  expect(found).toMatchObject([{ code: 'long-transaction', message: expect.stringContaining('sleepy') }])
})

test('a clock that is wrong', async () => {
  const found = await withDatabase(database.ownerUrl, (client) =>
    examine({ client, declared: tables, now: () => Date.now() + 10_000, longest: 60 }),
  )
  expect(found).toMatchObject([{ code: 'clock-skew', severity: 'warning' }])
})

test('a table in plain mode that did lose rows is told from one that only may', async () => {
  await database.sql(`select tidemark.uninstall('notes')`)
  expect((await ask()).codes).toEqual(['plain-mode notes'])
  const late = await database.connect()
  await database.sql(
    `insert into notes (user_id, title, updated_at) values (gen_random_uuid(), 'one', now())`,
  )
  await late.query(
    `insert into notes (user_id, title, updated_at) values (gen_random_uuid(), 'late', now() - interval '2 minutes')`,
  )
  expect(await ask()).toMatchObject({
    code: 2,
    codes: ['plain-lost-rows notes'],
    found: [{ message: expect.stringMatching(/^1 rows/) }],
  })
  await database.sql(migrationFor(tables))
  expect(await ask()).toMatchObject({ code: 0 })
})

test('a kit of another version, and a database that cannot be reached', async () => {
  await database.sql(`comment on schema tidemark is 'Tidemark kit 0123456789ab'`)
  expect((await ask()).codes).toEqual(['kit-outdated'])
  const unreachable = await tidemark(
    'doctor',
    '--url',
    'postgres://nobody:secret@127.0.0.1:1/x',
    '--schema',
    'appSchema.ts',
  )
  expect(unreachable).toMatchObject({ code: 2, out: '' })
  expect(unreachable.note).toMatch(/does not answer/)
  expect(unreachable.note).not.toMatch(/secret/)
  expect((await tidemark('doctor', '--schema', 'appSchema.ts')).note).toMatch(/--url/)
})
