import { createClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { orders, rows, things, thingsSql, wheres } from '../../test/things.js'
import type { Columns } from '../base/json.js'
import { decodeRow, encodeRow } from '../schema/codec.js'
import { compileOrder, orderColumns } from './order.js'
import { compilePredicate } from './predicate.js'
import type { Where } from './query.js'
import { keysetFilter, remoteFilter } from './remoteFilter.js'

/** The same rows each time; Postgres orders by code points and JavaScript by code units, which is one here. */
const samples = fc
  .sample(rows, { numRuns: 30, seed: 7 })
  .flatMap((list, at) => list.map((row) => ({ ...row, id: `${row['id'] as string}-${at}` })))
  .slice(0, 150)

let server: DevServer
let client: ReturnType<typeof connect>
/** What the server holds, read back from it. */
let held: Columns[]

const connect = () => createClient(server.url, server.anonKey, { auth: { persistSession: false } })
const select = () => client.from('things').select('*')

beforeAll(async () => {
  server = await startDevServer({ port: 0, database: 'temporary', migrations: [] })
  await server.sql(thingsSql)
  client = connect()
  const { error } = await client.from('things').insert(samples.map((row) => encodeRow(things, row)))
  expect(error).toBeNull()
  held = await answered(select())
})
afterAll(() => server.stop())

async function answered(question: PromiseLike<{ data: unknown; error: unknown }>): Promise<Columns[]> {
  const { data, error } = await question
  expect(error).toBeNull()
  return (data as Columns[]).map((row) => decodeRow(things, row))
}

async function asked(where: Where): Promise<Columns[]> {
  const filter = remoteFilter(things, where)
  return answered(filter === undefined ? select() : select().or(filter))
}

const byId = compileOrder(undefined, ['id'])
const ids = (list: readonly Columns[]): unknown[] => [...list].sort(byId).map(({ id }) => id)

test('what was sent through the codecs comes back as it was', () => {
  expect(held.length).toBeGreaterThan(100)
  expect([...held].sort(byId)).toEqual([...samples].sort(byId))
})

test('the server finds the rows that the predicate finds', async () => {
  let some = 0
  await fc.assert(
    fc.asyncProperty(wheres, async (where) => {
      const here = ids(held.filter(compilePredicate(where)))
      if (here.length > 0 && here.length < held.length) some += 1
      expect(ids(await asked(where))).toEqual(here)
    }),
    { numRuns: 400 },
  )
  expect(some).toBeGreaterThan(40)
})

const odd = [
  '',
  ' ',
  'null',
  'a,b',
  '(a)',
  '"',
  '\\',
  '\\"',
  'a.eq.b',
  'not.and(',
  '{a}',
  '%*',
  "';--",
  '👍',
  '\n',
]
test.each(odd)('the server finds the text %j, and it alone', async (text) => {
  const id = `odd ${text}`
  await server.sql('insert into things (id, team, name) values ($1, $2, $3)', [id, '', text])
  const where: Where = { id: { gte: 'odd', lt: 'ode' } }
  expect(ids(await asked({ ...where, name: text }))).toEqual([id])
  expect(ids(await asked({ ...where, name: { in: [text] } }))).toEqual([id])
  expect(ids(await asked({ ...where, name: { ne: text } }))).toEqual([])
  expect(ids(await asked({ id }))).toEqual([id])
  await server.sql('delete from things where id = $1', [id])
})

test('the server sorts as the compiled order does', () =>
  fc.assert(
    fc.asyncProperty(orders, async (orderBy) => {
      const columns = [...orderColumns(orderBy), ['id', 'asc'] as const]
      const question = columns.reduce(
        (query, [column, way]) => query.order(column, { ascending: way === 'asc' }),
        select(),
      )
      const local = [...held].sort(compileOrder(orderBy, ['id']))
      expect((await answered(question)).map(({ id }) => id)).toEqual(local.map(({ id }) => id))
    }),
    { numRuns: 60 },
  ))

test('pages by a keyset filter hold every row once, in order, whatever their size', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(['id'], ['team', 'id']),
      fc.integer({ min: 20, max: 80 }),
      async (columns, size) => {
        const pages: Columns[] = []
        for (let last: Columns | undefined; ; last = pages.at(-1)) {
          const question = columns.reduce((query, column) => query.order(column), select())
          const after = last ? question.or(keysetFilter(columns, last)) : question
          const page = await answered(after.limit(size))
          pages.push(...page)
          if (page.length < size) break
        }
        const [first = ''] = columns
        expect(pages.map(({ id }) => id)).toEqual(
          [...held].sort(compileOrder(first, ['id'])).map(({ id }) => id),
        )
      },
    ),
    { numRuns: 10 },
  ))

test('a position holds the raw values of the server, and stands before the rows after it', async () => {
  const { data } = await select().not('at', 'is', null).order('at').order('id')
  const list = data as { at: string; id: string }[]
  for (const position of list.filter((_, index) => index % 10 === 0)) {
    const after = await answered(select().or(keysetFilter(['at', 'id'], position)))
    const expected = await server.sql('select id from things where (at, id) > ($1, $2)', [
      position.at,
      position.id,
    ])
    expect(ids(after)).toEqual(ids(expected))
  }
})
