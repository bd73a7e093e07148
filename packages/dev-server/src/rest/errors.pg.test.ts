import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { poolOf } from '../../test/pool.js'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'
import { createTokens } from '../tokens.js'
import { createRest } from './createRest.js'

const schema = `
create table public.parents (id int primary key);
create table public.children (
  id int primary key, parent int references parents, name text not null, age int check (age > 0), at timestamptz
);
insert into parents values (1);
insert into children values (1, 1, 'x', 1, now());
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client('service')
})
afterAll(() => server.stop())

describe('an error', () => {
  it('of PostgreSQL keeps its code and words, and has the status of PostgREST', async () => {
    const row = { id: 2, parent: 1, name: 'y', age: 1 }
    const insert = async (change: object) => {
      const { status, error } = await db.from('children').insert({ ...row, ...change })
      return [status, error?.code]
    }
    expect(await insert({ id: 1 })).toEqual([409, '23505'])
    expect(await insert({ parent: 9 })).toEqual([409, '23503'])
    expect(await insert({ name: null })).toEqual([400, '23502'])
    expect(await insert({ age: -1 })).toEqual([400, '23514'])
    expect(await insert({ at: 'soon' })).toEqual([400, '22007'])
    expect(await insert({ age: 'old' })).toEqual([400, '22P02'])
    expect(await db.from('parents').delete().eq('id', 1)).toMatchObject({
      status: 409,
      error: {
        code: '23503',
        details: 'Key (id)=(1) is still referenced from table "children".',
        hint: null,
      },
    })
  })

  it('of a column or an operator that is not there is PostgreSQL’s own', async () => {
    expect(await db.from('children').select('nope')).toMatchObject({
      status: 400,
      error: { code: '42703', message: 'column children.nope does not exist' },
    })
    expect(await db.from('children').select().like('age', '1%')).toMatchObject({
      status: 404,
      error: { code: '42883' },
    })
  })

  it('of a table that is not there names the nearest', async () => {
    expect(await db.from('childen').select()).toMatchObject({
      status: 404,
      statusText: 'Not Found',
      error: {
        code: 'PGRST205',
        message: "Could not find the table 'public.childen' in the schema cache",
        hint: "Perhaps you meant the table 'public.children'",
        details: null,
      },
    })
    expect((await db.from('completely_different').select()).error?.hint).toBeNull()
  })

  it('of the grammar says where it is', async () => {
    expect(await ask('/children?id=5')).toMatchObject([
      400,
      {
        code: 'PGRST100',
        message: '"failed to parse filter (5)" (line 1, column 1)',
        details: 'unexpected "5" expecting "not" or operator (eq, gt, ...)',
      },
    ])
    const wrong = [
      'or=(id.eq.1',
      'or=()',
      'select=id,',
      'select=id b!',
      'order=id.up',
      'age=is.old',
      'columns=',
    ]
    for (const query of wrong) {
      expect(await ask(`/children?${query}`), query).toMatchObject([400, { code: 'PGRST100' }])
    }
    expect(await ask('/children?order=id.asc.nullslasttt')).toMatchObject([
      400,
      {
        message: '"failed to parse order (id.asc.nullslasttt)" (line 1, column 17)',
        details: 'unexpected \'t\' expecting "," or end of input',
      },
    ])
    expect(await ask('/children?limit=-1')).toMatchObject([
      416,
      { code: 'PGRST103', details: 'Limit should be greater than or equal to zero.' },
    ])
    expect(await ask('/children?limit=many')).toMatchObject([200, [{ id: 1 }]])
  })

  it('of the request has the status of its kind', async () => {
    expect(await ask('/children', { Accept: 'image/png' })).toMatchObject([406, { code: 'PGRST107' }])
    expect(await ask('/children', { 'Accept-Profile': 'auth' })).toMatchObject([
      406,
      {
        code: 'PGRST106',
        message: 'Invalid schema: auth',
        hint: 'Only the following schemas are exposed: public',
      },
    ])
    expect(await ask('/children', { Prefer: 'handling=strict, nonsense=1' })).toMatchObject([
      400,
      { code: 'PGRST122' },
    ])
    expect(await ask('/children', { Prefer: 'nonsense=1' })).toMatchObject([200, [{ id: 1 }]])
    expect(await ask('/children/1')).toMatchObject([404, { code: 'PGRST125' }])
    expect(await ask('/children', {}, 'REPORT')).toMatchObject([405, { code: 'PGRST117' }])
    expect(await ask('/rpc/any', {}, 'DELETE')).toMatchObject([405, { code: 'PGRST101' }])
    expect(await ask('/', { Accept: 'text/csv' })).toMatchObject([406, { code: 'PGRST107' }])
  })

  it('takes back all of its transaction, and the next request finds a clean connection', async () => {
    const broken = Array.from({ length: 30 }, () => db.from('children').insert({ id: 1, name: 'x' }))
    const answers = await Promise.all(broken)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([409]))
    expect((await db.from('children').select('id')).data).toEqual([{ id: 1 }])
  })

  it('of a pool whose connections are all in use is PGRST003', async () => {
    const pool = poolOf(server, { max: 1, connectionTimeoutMillis: 200 })
    const tokens = createTokens(server.jwtSecret, Date.now)
    const context = { pool, databaseUrl: server.databaseUrl, tokens, clock: Date.now, log: () => undefined }
    const rest = await createRest(context)
    const busy = await pool.connect()
    const request = {
      method: 'GET',
      url: new URL('http://127.0.0.1/children'),
      headers: {},
      body: Buffer.of(),
    }
    const refused = await rest(request)
    busy.release()
    expect([refused.status, JSON.parse(String(refused.body))]).toMatchObject([
      504,
      { code: 'PGRST003', message: 'Timed out acquiring connection from connection pool.' },
    ])
    expect((await rest(request)).status).toBe(200)
    await pool.end()
  })
})

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<[number, unknown]> {
  const answer = await fetch(`${server.url}/rest/v1${path}`, {
    method,
    headers: { apikey: server.serviceRoleKey, ...headers },
  })
  return [answer.status, await answer.json()]
}
