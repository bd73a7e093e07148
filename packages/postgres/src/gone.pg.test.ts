import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { Copy, newId, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const [ann, bob] = [user(1), user(2)]
const insert = async (title: string, owner = ann, parent: string | null = null): Promise<string> => {
  const text = 'insert into notes (user_id, title, parent) values ($1, $2, $3) returning id'
  const [row] = await database.sql(text, [owner, title, parent])
  return row.id as string
}
const copyOf = async (owner = ann) => {
  const copy = new Copy(database, owner)
  await copy.pull()
  return copy
}
const goneOf = (answer: any) => answer.tables.notes?.gone ?? []

test('deletes and cascades are told, and the row that stays is not', async () => {
  await insert('stays')
  const parent = await insert('parent')
  const child = await insert('child', ann, parent)
  const grandchild = await insert('grandchild', ann, child)
  const copy = await copyOf()
  await database.sql('delete from notes where id = $1', [parent])
  const [answer] = await copy.pull()
  expect(goneOf(answer).sort()).toEqual([parent, child, grandchild].sort())
  expect(copy.titles()).toEqual(['stays'])
})

test('TRUNCATE tells every key', async () => {
  await Promise.all([insert('one'), insert('two'), insert("bob's", bob)])
  const [copy, bobs] = [await copyOf(), await copyOf(bob)]
  await database.sql('truncate notes cascade')
  await Promise.all([copy.pull(), bobs.pull()])
  expect([...copy.titles(), ...bobs.titles()]).toEqual([])
})

test('a key whose row is there again is never gone', async () => {
  const id = await insert('one')
  const copy = await copyOf()
  await database.sql('delete from notes')
  await database.sql(`insert into notes (id, user_id, title) values ($1, $2, 'again')`, [id, ann])
  const [answer] = await copy.pull()
  expect(goneOf(answer)).toEqual([])
  expect(copy.titles()).toEqual(['again'])
})

test('a row that changes its owner leaves the one and comes to the other', async () => {
  const id = await insert('given')
  const [copy, bobs] = [await copyOf(), await copyOf(bob)]
  await database.sql('update notes set user_id = $1', [bob])
  const [answer] = await copy.pull()
  await bobs.pull()
  expect(goneOf(answer)).toEqual([id])
  expect([copy.titles(), bobs.titles()]).toEqual([[], ['given']])
  await database.sql('update notes set user_id = $1', [ann])
  await Promise.all([copy.pull(), bobs.pull()])
  expect([copy.titles(), bobs.titles()]).toEqual([['given'], []])
})

test('a row that changes its key is gone under the old one', async () => {
  const id = await insert('one')
  const copy = await copyOf()
  const next = newId()
  await database.sql('update notes set id = $1', [next])
  const [answer] = await copy.pull()
  expect(goneOf(answer)).toEqual([id])
  expect(copy.list('notes').map((row) => row.id)).toEqual([next])
})

test('keys of several columns are told as lists, and an upsert is no delete', async () => {
  const upsert = `insert into settings (user_id, name, value) values ($1, $2, $3)
    on conflict (user_id, name) do update set value = excluded.value`
  await database.sql(upsert, [ann, 'colour "x"', '"red"'])
  const copy = await copyOf()
  await database.sql(upsert, [ann, 'colour "x"', '"blue"'])
  const [changed] = await copy.pull()
  expect(changed.tables.settings).toMatchObject({ gone: [], rows: [{ value: 'blue' }] })
  await database.sql('delete from settings')
  const [answer] = await copy.pull()
  expect(answer.tables.settings.gone).toEqual([[ann, 'colour "x"']])
  expect(copy.list('settings')).toEqual([])
})

test('a touch is told to those who held the row, and to nobody else', async () => {
  await insert('one')
  const [copy, bobs] = [await copyOf(), await copyOf(bob)]
  await database.sql('delete from notes')
  const [theirs] = await bobs.pull()
  expect(theirs.tables).toEqual({})
  await copy.pull()
  expect(copy.titles()).toEqual([])
})

test('without an owner everyone who is signed in is told, and nobody who is not', async () => {
  const [doc] = await database.sql(`insert into docs (title) values ('doc') returning id`)
  const [copy, nobody] = [await copyOf(), new Copy(database)]
  await nobody.pull()
  await database.sql('delete from docs')
  const [[told], [untold]] = await Promise.all([copy.pull(), nobody.pull()])
  expect(told.tables.docs.gone).toEqual([doc.id])
  expect(untold.tables).toEqual({})
})

test('a delete that is rolled back is not told', async () => {
  await insert('one')
  const copy = await copyOf()
  await database.sql('begin; delete from notes; truncate notes; rollback')
  const [answer] = await copy.pull()
  expect(answer.tables).toEqual({})
})
