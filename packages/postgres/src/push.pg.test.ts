import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { Copy, mutations, newId, startWorld } from '../test/world.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startWorld()
})
beforeEach(() => database.sql('truncate notes, docs, members, settings'))
afterAll(() => database.stop())

const [ann, bob] = [user(1), user(2)]
const push = (client: string, list: object[], who: string | undefined = ann) =>
  database.call(who, 'tidemark_push', { client_id: client, mutations: list })
const insert = (key: string, values: object = {}) => ({
  table: 'notes',
  op: 'insert',
  key,
  values: { user_id: ann, title: 'new', ...values },
})
const update = (key: string, values: object, more: object = {}) => ({
  table: 'notes',
  op: 'update',
  key,
  values,
  ...more,
})
const notes = () => database.sql('select id, title, n from notes order by title')

test('mutations are applied in their order, and answered with the transaction that a pull will include', async () => {
  const [client, key] = [newId(), newId()]
  const list = mutations(1, insert(key), update(key, { title: 'two', n: 5 }))
  const answer = await push(client, list)
  expect(answer).toMatchObject({ last: 2, results: [{ status: 'applied' }, { status: 'applied' }] })
  expect(await notes()).toEqual([{ id: key, title: 'two', n: 5 }])
  const copy = new Copy(database, ann)
  await copy.pull()
  const [seen] = await database.sql('select pg_visible_in_snapshot($1::xid8, $2::pg_snapshot) as seen', [
    answer.xid,
    copy.cookie,
  ])
  expect([seen.seen, copy.list('notes')[0].sync_xid]).toEqual([true, answer.xid])
})

test('R5: what is sent again takes no second effect', async () => {
  const [client, key] = [newId(), newId()]
  await push(client, mutations(1, insert(key)))
  const list = mutations(2, update(key, { n: 1 }), { table: 'notes', op: 'delete', key })
  const first = await push(client, list)
  await push(newId(), mutations(1, insert(key, { title: 'back' })))
  const again = await push(client, [...mutations(1, insert(key)), ...list])
  expect(again).toMatchObject({ last: 3, results: [{ id: 1, status: 'applied' }, ...first.results] })
  expect((await notes()).map(({ title }) => title)).toEqual(['back'])
})

test('R5: a gap applies nothing', async () => {
  const [client, key] = [newId(), newId()]
  const late = await push(client, mutations(2, insert(key)))
  expect(late).toMatchObject({ gap: 1, last: 0, results: [] })
  const torn = [...mutations(1, insert(key)), ...mutations(3, update(key, { n: 1 }))]
  expect(await push(client, torn)).toMatchObject({ gap: 2, last: 0, results: [] })
  expect(await notes()).toEqual([])
})

test('R5: many devices that add to one counter at once lose nothing', async () => {
  const key = newId()
  await push(newId(), mutations(1, insert(key)))
  const clients = Array.from({ length: 6 }, newId)
  const list = mutations(1, ...Array.from({ length: 10 }, () => update(key, { title: 'added', n: -1 })))
  // Every request is sent twice at once, as after an answer that was lost.
  const answers = await Promise.all([...clients, ...clients].map((client) => push(client, list)))
  expect(answers.every(({ last }) => last === 10)).toBe(true)
  expect(await notes()).toEqual([{ id: key, title: 'added', n: 60 }])
})

test('a mutation of several changes is applied as a whole or not at all', async () => {
  const [client, one, two] = [newId(), newId(), newId()]
  const group = { id: 1, changes: [insert(one), insert(two, { title: 'bad' })] }
  const { results, last } = await push(client, [group, ...mutations(2, insert(two))])
  expect(results).toMatchObject([
    { id: 1, status: 'refused', error: { code: '23514', table: 'notes', change: 1 } },
    { id: 2, status: 'applied' },
  ])
  expect([last, (await notes()).map(({ id }) => id)]).toEqual([2, [two]])
})

test('rows that need each other may come in any order within a mutation', async () => {
  const [client, parent, child] = [newId(), newId(), newId()]
  const group = { id: 1, changes: [insert(child, { parent }), insert(parent)] }
  expect((await push(client, [group])).results).toEqual([{ id: 1, status: 'applied' }])
  const alone = await push(client, mutations(2, insert(newId(), { parent: newId() })))
  expect(alone.results).toMatchObject([{ status: 'refused', error: { code: '23503', change: null } }])
})

test('an insert with or: update of a key that is there changes the other columns', async () => {
  const setting = (value: string, or?: string) => ({
    table: 'settings',
    op: 'insert',
    key: [ann, 'colour'],
    values: { user_id: ann, name: 'colour', value },
    ...(or && { or }),
  })
  const client = newId()
  await push(client, mutations(1, setting('red')))
  expect((await push(client, mutations(2, setting('green')))).results).toMatchObject([
    { error: { code: '23505' } },
  ])
  await push(newId(), mutations(1, setting('blue', 'update')))
  expect(await database.sql('select value from settings')).toEqual([{ value: 'blue' }])
})

test('with `at`, a row that was written later keeps what it has, and the mutation counts as applied', async () => {
  const [client, key] = [newId(), newId()]
  await push(client, mutations(1, insert(key)))
  const at = (year: number) => ({ at: `${year}-01-01T00:00:00Z` })
  const early = await push(
    client,
    mutations(2, update(key, { title: 'early' }, at(2020)), {
      table: 'notes',
      op: 'delete',
      key,
      ...at(2020),
    }),
  )
  expect(early.results).toMatchObject([{ status: 'applied' }, { status: 'applied' }])
  expect((await notes())[0]?.title).toBe('new')
  await push(client, mutations(4, update(key, { title: 'later' }, at(2100))))
  expect((await notes())[0]?.title).toBe('later')
})

test('with `seq`, another version is a conflict: it and what follows is left, and may be sent again', async () => {
  const [client, key] = [newId(), newId()]
  await push(client, mutations(1, insert(key)))
  const [{ sync_seq: seq }] = await database.sql('select sync_seq::int from notes')
  await database.sql(`update notes set title = 'theirs'`)
  const other = newId()
  const list = (seq: number) => [
    { id: 2, changes: [insert(other), update(key, { title: 'mine' }, { seq })] },
    ...mutations(3, update(key, { n: 9 })),
  ]
  const conflict = await push(client, list(seq))
  expect(conflict).toMatchObject({
    last: 1,
    results: [{ id: 2, status: 'conflict', change: 1, row: { id: key, title: 'theirs' } }],
  })
  const resolved = await push(client, list(conflict.results[0].row.sync_seq))
  expect(resolved.results).toMatchObject([{ status: 'applied' }, { status: 'applied' }])
  await database.sql('delete from notes')
  const gone = await push(client, mutations(4, update(key, { n: 1 }, { seq })))
  expect(gone).toMatchObject({ last: 3, results: [{ status: 'conflict', row: null }] })
})

test("a client's id is its user's alone", async () => {
  const client = newId()
  await push(client, mutations(1, insert(newId())))
  await expect(push(client, mutations(2), bob)).rejects.toMatchObject({ code: 'TM004' })
  await expect(push(newId(), [], '')).rejects.toBeDefined()
})
