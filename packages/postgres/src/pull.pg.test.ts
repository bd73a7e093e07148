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
const insert = (title: string, owner = ann) =>
  `insert into notes (user_id, title) values ('${owner}', '${title}')`
const pulled = async (title: string) => {
  await database.sql(insert(title))
  const copy = new Copy(database, ann)
  await copy.pull()
  return copy
}

test('the first pull brings what the caller may see, and the next one nothing', async () => {
  await database.sql(insert("bob''s", bob))
  const copy = await pulled('one')
  expect(copy.titles()).toEqual(['one'])
  const [again] = await copy.pull()
  expect(again).toMatchObject({ tables: {}, page: null, reset: false, expired: false, role: 'authenticated' })
})

test('a transaction that began earlier and commits later is delivered', async () => {
  const early = await database.connect()
  await early.query('begin; select pg_current_xact_id()')
  const copy = await pulled('began later')
  await early.query(`${insert('began earlier')}; commit`)
  await copy.pull()
  expect(copy.titles()).toEqual(['began earlier', 'began later'])
  const [again] = await copy.pull()
  expect(again.tables).toEqual({})
})

test('many transactions that overlap in every order are all delivered', async () => {
  const copy = new Copy(database, ann)
  const writers = await Promise.all([1, 2, 3, 4, 5].map(() => database.connect()))
  for (let round = 0; round < 6; round += 1) {
    for (const [at, writer] of writers.entries()) await writer.query(`begin; ${insert(`${round}.${at}`)}`)
    for (const [at, writer] of writers.entries()) {
      await writers[(at + round) % writers.length]?.query((at * 7 + round) % 5 === 0 ? 'rollback' : 'commit')
      await copy.pull()
      expect(writer).toBeDefined()
    }
  }
  const there = await database.sql('select title from notes order by title')
  expect(copy.titles()).toEqual(there.map(({ title }) => title))
  expect(there.length).toBeGreaterThan(15)
})

test('savepoints that are released are delivered; what is rolled back never is', async () => {
  const copy = await pulled('one')
  await database.sql(`begin; ${insert('outer')}; savepoint a; ${insert('inner')}; release a;
    savepoint b; ${insert('undone')}; rollback to b; commit`)
  await database.sql(`begin; ${insert('rolled back')}; rollback`)
  await copy.pull()
  expect(copy.titles()).toEqual(['inner', 'one', 'outer'])
})

test('a row that two transactions write in turn is delivered as the later write left it', async () => {
  const copy = await pulled('one')
  const early = await database.connect()
  await early.query('begin; select pg_current_xact_id()')
  await database.sql(`update notes set title = 'two'`)
  await copy.pull()
  const [before] = copy.list('notes')
  await early.query(`update notes set title = 'three'; commit`)
  await copy.pull()
  expect(copy.titles()).toEqual(['three'])
  const [after] = copy.list('notes')
  expect(BigInt(after.sync_xid)).toBeLessThan(BigInt(before.sync_xid))
  expect(after.sync_seq).toBeGreaterThan(before.sync_seq)
})

test('writers that are replicas are stamped, and their deletes are told', async () => {
  const copy = await pulled('one')
  await database.server.sql(`do $$ begin set local session_replication_role = replica;
    update notes set title = 'replicated'; ${insert('also')}; end $$`)
  await copy.pull()
  expect(copy.titles()).toEqual(['also', 'replicated'])
  await database.server.sql(
    `do $$ begin set local session_replication_role = replica; delete from notes; end $$`,
  )
  await copy.pull()
  expect(copy.titles()).toEqual([])
})

test('nobody can choose the stamp of a row', async () => {
  const copy = await pulled('one')
  await database.sql(`update notes set title = 'two', sync_xid = '0', sync_seq = 0`)
  await copy.pull()
  expect(copy.titles()).toEqual(['two'])
})

test('a pull that runs while a transaction is open neither waits for it nor sees it', async () => {
  const copy = await pulled('one')
  const open = await database.connect()
  await open.query(`begin; ${insert('open')}; update notes set title = 'changed' where title = 'one'`)
  await copy.pull()
  expect(copy.titles()).toEqual(['one'])
  await open.query('commit')
  await copy.pull()
  expect(copy.titles()).toEqual(['changed', 'open'])
})

test('nobody who is signed in gets owned rows, and a table without the kit is named', async () => {
  await database.sql(insert('one'))
  const copy = new Copy(database)
  const [answer] = await copy.pull({ tables: ['notes', 'nowhere', "x'; drop table notes"] })
  expect(answer).toMatchObject({ role: 'anon', tables: {}, missing: ['nowhere', "x'; drop table notes"] })
})

test('ranges are whole, and what changes outside of them is delivered too', async () => {
  await database.sql(
    `insert into notes (user_id, title, at) select $1, 'at ' || n, n from generate_series(1, 9) n`,
    [ann],
  )
  const copy = new Copy(database, ann)
  await copy.pull({
    ranges: {
      notes: [
        { column: 'at', from: 2, to: 3 },
        { column: 'at', from: 5, to: 5 },
      ],
    },
  })
  expect(copy.titles()).toEqual(['at 2', 'at 3', 'at 5'])
  await database.sql(`update notes set title = 'far' where at = 9`)
  await copy.pull({ ranges: { notes: [{ column: 'at', from: 7, to: 7 }] } })
  expect(copy.titles()).toEqual(['at 2', 'at 3', 'at 5', 'at 7', 'far'])
  const other = new Copy(database, ann)
  await other.pull({ tables: ['docs'] })
  await other.pull({ full: ['notes'], ranges: { notes: [] } })
  expect(other.titles()).toEqual([])
})
