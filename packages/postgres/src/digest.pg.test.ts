import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { allTables, Copy, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const [ann, bob] = [user(1), user(2)]
const digest = async (tables: object, who: string | undefined = ann) =>
  (await database.call(who, 'tidemark_digest', { request: { tables } })).tables
const fill = (count: number, owner = ann) =>
  database.sql(
    `insert into notes (user_id, title, at) select $1, 'n' || n, n from generate_series(1, $2) n`,
    [owner, count],
  )

/** What a client makes of the rows it was given. */
function localDigest(pages: any[], name: string) {
  const counts = new Array<number>(256).fill(0)
  const xors = new Array<bigint>(256).fill(0n)
  for (const page of pages)
    for (const hash of page.tables[name]?.hashes ?? []) {
      counts[hash % 256] = (counts[hash % 256] ?? 0) + 1
      xors[hash % 256] = (xors[hash % 256] ?? 0n) ^ BigInt(hash)
    }
  return { counts, xors: xors.map(Number) }
}

test('the digest is that of the rows that pulls deliver, for every table and user', async () => {
  await fill(300)
  await fill(20, bob)
  await database.sql(`insert into settings values ($1, 'a', '{"b": [1.50, null]}'), ($1, 'é "x"', null)`, [
    ann,
  ])
  await database.sql(
    `with made as (insert into docs (title) values ('d') returning id) insert into members select id, $1 from made`,
    [ann],
  )
  const copy = new Copy(database, ann)
  const pages = await copy.pull({ limit: 100 })
  const found = await digest(Object.fromEntries(allTables.map((name) => [name, {}])))
  for (const name of allTables) expect(found[name]).toEqual(localDigest(pages, name))
  const session = await database.connect()
  await session.query(`set timezone = 'Asia/Tokyo'; set datestyle = 'German'; set extra_float_digits = -5; begin;
    set local role authenticated; set local request.jwt.claims = '{"sub": "${ann}"}'`)
  const { rows } = await session.query(
    `select tidemark_digest('{"tables": {"notes": {}}}') -> 'tables' -> 'notes' as notes`,
  )
  await session.query('rollback')
  expect(rows[0].notes).toEqual(found.notes)
})

test('R6: what got past the triggers is found in its bucket', async () => {
  await fill(50)
  const copy = new Copy(database, ann)
  const pages = await copy.pull()
  await database.sql(`alter table notes disable trigger user; update notes set title = 'sneaked' where title = 'n7';
    delete from notes where title = 'n9'; alter table notes enable always trigger zz_tidemark_stamp;
    alter table notes enable always trigger tidemark_deleted; alter table notes enable always trigger tidemark_truncated`)
  const [answer] = await copy.pull()
  expect(answer.tables).toEqual({})
  const [before, after] = [localDigest(pages, 'notes'), (await digest({ notes: {} })).notes]
  const differing = before.xors.flatMap((xor, bucket) => (xor === after.xors[bucket] ? [] : [bucket]))
  expect(differing.length).toBeGreaterThanOrEqual(1)
  expect(differing.length).toBeLessThanOrEqual(3)
  const { notes } = await digest({ notes: { buckets: differing } })
  expect(notes.rows.map((row: any) => row.title)).toContain('sneaked')
  expect(notes.hashes.every((hash: number) => differing.includes(hash % 256))).toBe(true)
})

test('ranges limit what is compared, and no range is nothing', async () => {
  await fill(100)
  const sum = (part: any) => part.counts.reduce((one: number, other: number) => one + other, 0)
  const ranges = [
    { column: 'at', from: 1, to: 10 },
    { column: 'at', from: 90, to: 200 },
  ]
  expect(sum((await digest({ notes: { ranges } })).notes)).toBe(21)
  expect(sum((await digest({ notes: { ranges: [] } })).notes)).toBe(0)
})

test('buckets with too many rows say so', async () => {
  await fill(5_100)
  const { notes } = await digest({ notes: { buckets: Array.from({ length: 256 }, (_, bucket) => bucket) } })
  expect(notes).toEqual({ tooMany: true })
})

test('a table with a column that has no hash is hashed by its text, in pulls and digests alike', async () => {
  await database.sql(`create table public.places (id int primary key, spot point, note json);
    alter table public.places enable row level security;
    create policy all_see on public.places for select to authenticated using (true);
    insert into public.places values (1, '(1,2)', '{"a": 1}');
    select tidemark.install('public.places')`)
  const ask = (cookie: any) =>
    database.call(ann, 'tidemark_pull', { request: { ...cookie, tables: ['places'] } })
  const first = await ask({ cookie: null, epoch: null })
  await database.sql(`insert into public.places values (2, '(1,2)', '[]')`)
  const second = await ask({ cookie: first.cookie, epoch: first.epoch })
  expect((await digest({ places: {} })).places).toEqual(localDigest([first, second], 'places'))
  expect(second.tables.places.rows).toMatchObject([{ id: 2, spot: '(1,2)', note: [] }])
})

test('nobody compares what they cannot see', async () => {
  await fill(10, bob)
  const { notes } = await digest({ notes: {} })
  expect(notes.counts.every((count: number) => count === 0)).toBe(true)
  const nobody = await database.call(undefined, 'tidemark_digest', {
    request: { tables: { notes: {}, docs: {} } },
  })
  expect(nobody.tables.notes.counts.every((count: number) => count === 0)).toBe(true)
})
