import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { user, type TestDatabase } from '../test/database.js'
import { digestRequest, hostile, pullRequest, pushed } from '../test/hostile.js'
import { newId, startWorld } from '../test/world.js'

let database: TestDatabase
const [ann, bob] = [user(1), user(2)]
const secret = 'nobody else may read this'
beforeAll(async () => {
  database = await startWorld()
  await database.sql(`insert into notes (user_id, title) values ($1, $2)`, [bob, secret])
  await database.sql(`insert into docs (title) values ($1)`, [secret])
})
afterAll(() => database.stop())

/** All that could be changed. */
const state = async () =>
  JSON.stringify([
    await database.sql('select * from notes order by id'),
    await database.sql('select * from docs order by id'),
    await database.sql('select * from tidemark.tables order by name'),
    await database.sql('table tidemark.epoch'),
    await database.sql(`select relname from pg_class where relnamespace = 'public'::regnamespace order by 1`),
  ])

const call = async (who: string | undefined, name: string, args: Record<string, unknown>) => {
  const { data, error } = await database.client(who).rpc(name, args)
  return { text: JSON.stringify(data ?? error), code: error?.code }
}

/** Codes of the protocol; of values that do not fit; of what PostgREST could not read. Never that something is broken. */
const typed = /^(TM00[1-6]|22\w{3}|23\w{3}|PGRST\d{3})$/

/** What the functions have answered in one test. */
const answered = new Set<string>()
const check = async (
  who: string | undefined,
  name: string,
  args: Record<string, unknown>,
  before: string,
) => {
  const { text, code } = await call(who, name, args)
  answered.add(`${name} ${code ?? 'ok'}`)
  if (code !== undefined) expect(code, text).toMatch(typed)
  expect(text).not.toContain(secret)
  if (name !== 'tidemark_push' || who === undefined) expect(await state()).toBe(before)
}

for (const who of [undefined, ann])
  test(`R6: whatever ${who ? 'somebody' : 'nobody'} asks, the answer is typed, nothing is applied and nothing leaks`, async () => {
    const before = await state()
    const [{ epoch }] = await database.sql('select tidemark.epoch() as epoch')
    const inThisHistory = (request: object) =>
      JSON.parse(JSON.stringify(request).replaceAll('the epoch', epoch as string)) as object
    answered.clear()
    await fc.assert(
      fc.asyncProperty(pullRequest, (request) =>
        check(who, 'tidemark_pull', { request: inThisHistory(request) }, before),
      ),
      { numRuns: 80 },
    )
    await fc.assert(
      fc.asyncProperty(digestRequest, (request) => check(who, 'tidemark_digest', { request }, before)),
      { numRuns: 50 },
    )
    await fc.assert(
      fc.asyncProperty(hostile, pushed, (client_id, mutations) =>
        check(who, 'tidemark_push', { client_id: who ? newId() : client_id, mutations }, before),
      ),
      { numRuns: 80 },
    )
    expect([...answered]).toEqual(
      expect.arrayContaining(['tidemark_pull ok', 'tidemark_pull TM002', 'tidemark_digest ok']),
    )
    const foreign = await database.sql('select title from notes where user_id <> $1', [ann])
    expect(foreign).toEqual([{ title: secret }])
  }, 60_000)

test('cookies that are no snapshot, and those from the future, are told apart from those of another epoch', async () => {
  const { data } = await database.client(ann).rpc('tidemark_pull', { request: { tables: ['notes'] } })
  const ask = async (cookie: unknown, epoch: unknown) =>
    await call(ann, 'tidemark_pull', { request: { cookie, epoch, tables: ['notes'] } })
  expect((await ask('nonsense', data.epoch)).code).toBe('TM002')
  expect((await ask('900000000:900000000:', data.epoch)).code).toBe('TM002')
  expect(JSON.parse((await ask('900000000:900000000:', 'another')).text)).toMatchObject({
    reset: true,
    tables: {},
  })
  expect(JSON.parse((await ask('3:3:', null)).text)).toMatchObject({ reset: true, tables: {} })
})

test('the tables of the kit are closed to everybody but through its functions', async () => {
  for (const who of [undefined, ann]) {
    const { error } = await database.client(who).schema('tidemark').from('tombstones').select()
    expect(error).not.toBeNull()
  }
  const session = await database.connect()
  await session.query(
    `begin; set local role authenticated; set local request.jwt.claims = '{"sub": "${ann}"}'`,
  )
  for (const statement of [
    'insert into tidemark.tombstones (name, key) values ($$notes$$, $$[1]$$)',
    'select * from tidemark.epoch',
    'update tidemark.tables set owner = null',
    `select tidemark.install('public.notes')`,
    'select tidemark.prune()',
    `select tidemark.moved_notes(gen_random_uuid(), gen_random_uuid())`,
    `select setval('tidemark.seq', 1)`,
  ]) {
    await session.query('savepoint one')
    await expect(session.query(statement), statement).rejects.toMatchObject({ code: '42501' })
    await session.query('rollback to one')
  }
  await session.query('rollback')
})
