import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { Copy, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const [ann, bob] = [user(1), user(2)]
const makeDoc = async (title: string): Promise<string> => {
  const [row] = await database.sql('insert into docs (title) values ($1) returning id', [title])
  return row.id as string
}
const join = (doc: string, who: string) => database.sql('insert into members values ($1, $2)', [doc, who])
const copyOf = async (who: string) => {
  const copy = new Copy(database, who)
  await copy.pull()
  return copy
}

test('R6: whoever becomes a member gets the rows, although they were not written', async () => {
  const doc = await makeDoc('old')
  const copy = await copyOf(ann)
  expect(copy.titles('docs')).toEqual([])
  await join(doc, ann)
  const [answer] = await copy.pull()
  expect(answer.tables.docs.scopes).toEqual([{ column: 'id', values: [doc] }])
  expect(copy.titles('docs')).toEqual(['old'])
  const [again] = await copy.pull()
  expect(again.tables).toEqual({})
})

test('R6: whoever is a member no more loses the rows', async () => {
  const [kept, lost] = [await makeDoc('kept'), await makeDoc('lost')]
  await join(kept, ann)
  await join(lost, ann)
  await join(lost, bob)
  const [copy, bobs] = [await copyOf(ann), await copyOf(bob)]
  await database.sql('delete from members where doc_id = $1 and user_id = $2', [lost, ann])
  const [[answer], [others]] = await Promise.all([copy.pull(), bobs.pull()])
  expect(copy.titles('docs')).toEqual(['kept'])
  expect(answer.tables.docs.gone).toEqual([])
  expect(others.tables).toEqual({})
})

test('a member row that moves gives the one and takes the other', async () => {
  const [one, two] = [await makeDoc('one'), await makeDoc('two')]
  await join(one, ann)
  const [copy, bobs] = [await copyOf(ann), await copyOf(bob)]
  await database.sql('update members set doc_id = $1', [two])
  await copy.pull()
  expect(copy.titles('docs')).toEqual(['two'])
  await database.sql('update members set user_id = $1', [bob])
  await Promise.all([copy.pull(), bobs.pull()])
  expect([copy.titles('docs'), bobs.titles('docs')]).toEqual([[], ['two']])
})

test('TRUNCATE of the members takes everything', async () => {
  await join(await makeDoc('one'), ann)
  const copy = await copyOf(ann)
  await database.sql('truncate members')
  await copy.pull()
  expect([copy.titles('docs'), copy.list('members')]).toEqual([[], []])
})

test('a scope that changes many rows is paged, and none is taken for lost', async () => {
  const docs = await database.sql(
    `insert into docs (title) select 'd' || n from generate_series(1, 25) n returning id`,
  )
  const copy = await copyOf(ann)
  await database.sql('insert into members select id, $1 from docs', [ann])
  const pages = await copy.pull({ limit: 4 }, () =>
    database.sql(`update docs set title = title where title < 'd2'`),
  )
  expect(pages.length).toBeGreaterThan(6)
  expect(copy.list('docs')).toHaveLength(docs.length)
  expect(pages.slice(1).every((page) => (page.tables.docs?.scopes ?? []).length === 0)).toBe(true)
})

test('a membership that begins while pages are read is in the next pull', async () => {
  const [one, two] = [await makeDoc('one'), await makeDoc('two')]
  const copy = await copyOf(ann)
  await join(one, ann)
  await copy.pull({ limit: 1 }, () => join(two, ann).catch(() => undefined))
  await copy.pull()
  expect(copy.titles('docs')).toEqual(['one', 'two'])
})

test('an open transaction that makes a member is told when it commits', async () => {
  const doc = await makeDoc('one')
  const open = await database.connect()
  await open.query(`begin; insert into members values ('${doc}', '${ann}')`)
  const copy = await copyOf(ann)
  await makeDoc('other')
  await copy.pull()
  await open.query('commit')
  await copy.pull()
  expect(copy.titles('docs')).toEqual(['one'])
})
