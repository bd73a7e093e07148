import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { Copy, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const ann = user(1)
const fill = (count: number, prefix = 'n') =>
  database.sql(
    `insert into notes (user_id, title) select $1, $2 || lpad(n::text, 3, '0') from generate_series(1, $3) n`,
    [ann, prefix, count],
  )
const there = async () =>
  (await database.sql('select title from notes order by title')).map(({ title }) => title)

test('no page is larger than the limit, and together they are everything', async () => {
  await fill(25)
  await database.sql(`insert into settings select $1, n::text from generate_series(1, 9) n`, [ann])
  const copy = new Copy(database, ann)
  const pages = await copy.pull({ limit: 10 })
  expect(
    pages.map((page) => (page.tables.notes?.rows.length ?? 0) + (page.tables.settings?.rows.length ?? 0)),
  ).toEqual([10, 10, 10, 4])
  expect([copy.titles(), copy.list('settings').length]).toEqual([await there(), 9])
  expect(new Set(pages.map((page) => page.cookie)).size).toBe(1)
})

test('what is written between pages is delivered, in this pull or the next', async () => {
  await fill(30)
  const copy = new Copy(database, ann)
  let round = 0
  await copy.pull({ limit: 7 }, async () => {
    round += 1
    if (round > 4) return
    await database.sql(
      `update notes set title = 'u' || title where id in (select id from notes order by random() limit 5)`,
    )
    await database.sql(`delete from notes where id in (select id from notes order by random() limit 2)`)
    await fill(2, `new${round}.`)
  })
  await copy.pull()
  expect(copy.titles()).toEqual(await there())
})

test('a row that moves behind the page that was reached is still delivered by the last page', async () => {
  const early = await database.connect()
  await early.query('begin; select pg_current_xact_id()')
  await fill(6)
  await database.sql(`update notes set title = 'last' where title = 'n006'`)
  const copy = new Copy(database, ann)
  let moved = false
  const pages = await copy.pull({ limit: 2 }, async () => {
    if (moved) return
    moved = true
    await early.query(`update notes set title = 'moved' where title = 'last'; commit`)
  })
  const delivered = pages.flatMap((page) => page.tables.notes?.rows ?? []).map((row: any) => row.title)
  expect(delivered).toContain('moved')
})

test('rows that are older than the kit are paged as well', async () => {
  await fill(20)
  await database.sql(`alter table notes disable trigger zz_tidemark_stamp; update notes set sync_xid = '0', sync_seq = 0;
    alter table notes enable always trigger zz_tidemark_stamp`)
  const copy = new Copy(database, ann)
  expect(await copy.pull({ limit: 6 })).toHaveLength(4)
  expect(copy.list('notes')).toHaveLength(20)
  const [again] = await copy.pull()
  expect(again.tables).toEqual({})
})

test('many touches are paged, and each of them counts', async () => {
  await fill(40)
  const copy = new Copy(database, ann)
  await copy.pull()
  await database.sql(`delete from notes where title > 'n010'`)
  const pages = await copy.pull({ limit: 8 })
  expect(pages.length).toBeGreaterThanOrEqual(4)
  expect(copy.titles()).toEqual(await there())
})

test('a page that another history gave begins anew', async () => {
  await fill(5)
  const request = { cookie: null, epoch: null, tables: ['notes'], limit: 2 }
  const first = await database.call(ann, 'tidemark_pull', { request })
  const page = { ...first.page, epoch: 'another' }
  const answer = await database.call(ann, 'tidemark_pull', { request: { ...request, page } })
  expect(answer).toMatchObject({ reset: true, tables: {}, page: null })
})

test('a pull ends although more is written between its pages than a page holds', async () => {
  await fill(30)
  const copy = new Copy(database, ann)
  const pages = await copy.pull({ limit: 5 }, () => database.sql(`update notes set n = n + 1`))
  expect(pages.length).toBeLessThan(16)
  const next = await copy.pull({ limit: 5 }, () => database.sql(`update notes set n = n + 1`))
  expect(next.length).toBeLessThan(9)
  await copy.pull()
  expect(copy.list('notes').map((row) => row.n)).toEqual(
    (await database.sql('select n from notes')).map(({ n }) => n),
  )
})
