import { afterAll, beforeAll, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { Copy, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
afterAll(() => database.stop())

const [ann, bob] = [user(1), user(2)]
const note = (title: string, owner = ann) =>
  database.sql('insert into notes (user_id, title) values ($1, $2)', [owner, title])

test('the first pull brings what the caller may see, and the next one nothing', async () => {
  await note('one')
  await note("bob's", bob)
  const copy = new Copy(database, ann)
  await copy.pull()
  expect(copy.titles()).toEqual(['one'])
  const [again] = await copy.pull()
  expect(again).toMatchObject({ tables: {}, page: null, reset: false, expired: false, role: 'authenticated' })
})

test('a transaction that began earlier and commits later is delivered', async () => {
  const copy = new Copy(database, ann)
  const early = await database.connect()
  await early.query('begin; select pg_current_xact_id()')
  await note('late begin')
  await copy.pull()
  await early.query(`insert into notes (user_id, title) values ('${ann}', 'early begin'); commit`)
  await copy.pull()
  expect(copy.titles()).toContain('early begin')
})

test('deletes, cascades and TRUNCATE are told', async () => {
  const copy = new Copy(database, bob)
  await database.sql(
    `with made as (insert into notes (user_id, title) values ($1, 'parent') returning id)
    insert into notes (user_id, title, parent) select $1, 'child', id from made`,
    [bob],
  )
  await copy.pull()
  expect(copy.titles()).toEqual(["bob's", 'child', 'parent'])
  await database.sql(`delete from notes where title = 'parent'`)
  await copy.pull()
  expect(copy.titles()).toEqual(["bob's"])
  await database.sql('truncate notes')
  await copy.pull()
  expect(copy.titles()).toEqual([])
})
