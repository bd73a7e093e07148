import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { mutations, newId, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const [ann, bob] = [user(1), user(2)]
const push = (client: string, list: object[], who: string | undefined = ann) =>
  database.call(who, 'tidemark_push', { client_id: client, mutations: list })
const change = (op: string, key: unknown, values?: object, table = 'notes') => ({ table, op, key, values })
const one = async (...changes: object[]) => (await push(newId(), mutations(1, ...changes))).results
const makeNote = async (owner: string) => {
  const [row] = await database.sql(`insert into notes (user_id, title) values ($1, 'note') returning id`, [
    owner,
  ])
  return row.id as string
}

test('R5: a refusal consumes its id and is answered again', async () => {
  const [client, key] = [newId(), newId()]
  const list = mutations(1, change('insert', key, { user_id: ann, title: 'bad' }))
  const first = await push(client, list)
  expect(first).toMatchObject({ last: 1, results: [{ id: 1, status: 'refused', error: { code: '23514' } }] })
  const again = await push(client, list)
  expect(again.results).toEqual(first.results)
  await push(client, mutations(2))
  await push(client, mutations(2, change('insert', key, { user_id: ann, title: 'good' })))
  expect(await database.sql('select from tidemark.refusals where client = $1', [client])).toEqual([])
})

test('an update that changes no row is refused, whether the row is gone or hidden', async () => {
  const hidden = await makeNote(bob)
  expect(await one(change('update', hidden, { n: 1 }), change('update', newId(), { n: 1 }))).toMatchObject([
    { status: 'refused', error: { code: 'TM001' } },
    { status: 'refused', error: { code: 'TM001' } },
  ])
})

test('a delete of a row that is gone is applied; of one that may be read and not deleted it is refused', async () => {
  const [doc] = await database.sql(`insert into docs (title) values ('locked') returning id`)
  await database.sql('insert into members values ($1, $2)', [doc.id, ann])
  expect(
    await one(
      change('delete', newId()),
      change('delete', doc.id, undefined, 'docs'),
      change('update', doc.id, { title: 'x' }, 'docs'),
    ),
  ).toMatchObject([{ status: 'applied' }, { error: { code: 'TM001' } }, { error: { code: 'TM001' } }])
})

test("another user's rows cannot be made, taken or removed", async () => {
  const theirs = await makeNote(bob)
  const mine = await makeNote(ann)
  expect(
    await one(
      change('insert', newId(), { user_id: bob, title: 'planted' }),
      change('update', mine, { user_id: bob }),
      change('update', theirs, { title: 'stolen' }),
      change('delete', theirs),
    ),
  ).toMatchObject([
    { error: { code: '42501' } },
    { error: { code: '42501' } },
    { error: { code: 'TM001' } },
    { status: 'applied' },
  ])
  expect(await database.sql('select title from notes where user_id = $1', [bob])).toEqual([{ title: 'note' }])
})

test('values that do not fit are refused, one by one', async () => {
  const key = newId()
  const insert = (values: object) => change('insert', key, { user_id: ann, title: 't', ...values })
  expect(
    await one(
      insert({ n: 'many' }),
      insert({ n: 99999999999 }),
      insert({ title: null }),
      insert({ nowhere: 1 }),
      change('insert', 'no uuid', { user_id: ann, title: 't' }),
      insert({ sync_xid: '99', sync_seq: 5 }),
    ),
  ).toMatchObject([
    { error: { code: '22P02' } },
    { error: { code: '22003' } },
    { error: { code: '23502' } },
    { error: { code: '42703' } },
    { error: { code: '22P02' } },
    { status: 'applied' },
  ])
})

test('an error that may pass fails the whole request, and nothing of it stays', async () => {
  const key = await makeNote(ann)
  const lock = await database.connect()
  await lock.query(`begin; select from notes where id = '${key}' for update`)
  const [client, other] = [newId(), newId()]
  const list = mutations(
    1,
    change('insert', other, { user_id: ann, title: 'hurry' }),
    change('update', key, { n: 1 }),
  )
  await expect(push(client, list)).rejects.toMatchObject({ code: '55P03' })
  await lock.query('rollback')
  expect(await database.sql('select from notes where id = $1', [other])).toEqual([])
  expect((await push(client, list)).results).toMatchObject([{ status: 'applied' }, { status: 'applied' }])
})

test('what a trigger of the app says is handed on', async () => {
  const [result] = await one(change('insert', newId(), { user_id: ann, title: 'never' }))
  expect(result.error).toEqual({
    code: 'P0001',
    message: 'Not today.',
    details: 'It is closed.',
    hint: 'Try tomorrow.',
    table: 'notes',
    change: 0,
  })
})

test('too much at once is refused before anything is done', async () => {
  const many = mutations(1, ...Array.from({ length: 101 }, () => change('delete', newId())))
  await expect(push(newId(), many)).rejects.toMatchObject({ code: 'TM005' })
  const large = mutations(1, change('insert', newId(), { user_id: ann, title: 'x'.repeat(1_100_000) }))
  await expect(push(newId(), large)).rejects.toMatchObject({ code: 'TM005' })
  await expect(
    database.call(undefined, 'tidemark_push', { client_id: newId(), mutations: [] }),
  ).rejects.toMatchObject({
    code: 'TM006',
  })
})
