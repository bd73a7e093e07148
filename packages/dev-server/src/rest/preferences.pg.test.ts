import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.items (
  id int primary key, code text unique, name text default 'unnamed', amount int default 7, at timestamptz default '2026-01-01T12:00:00Z'
);
create table public.kids (id int primary key, item_id int references items deferrable initially deferred);
create table public.loose (word text);
create function public.touch() returns setof items language sql as 'update items set amount = 0 returning *';
`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema)
})
beforeEach(async () => {
  await server.sql('truncate items, kids, loose')
  await server.sql(`insert into items (id, code, amount) values (1, 'a', 1), (2, 'b', 2)`)
})
afterAll(() => server.stop())

interface Options {
  readonly prefer?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

async function send(method: string, path: string, { prefer, body, headers }: Options = {}) {
  const answer = await fetch(`${server.url}/rest/v1${path}`, {
    method,
    headers: {
      apikey: server.serviceRoleKey,
      'Content-Type': 'application/json',
      ...(prefer !== undefined && { Prefer: prefer }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const json = /json/.test(answer.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : text
  return {
    status: answer.status,
    applied: answer.headers.get('preference-applied'),
    headers: answer.headers,
    json,
  }
}

const rep = 'return=representation'
const stored = (columns = 'id, name, amount') => server.sql(`select ${columns} from items order by id`)

describe('columns', () => {
  it('choose what is taken from the body, and rows need not be alike', async () => {
    const body = [
      { id: 3, name: 'x', nope: 1 },
      { id: 4, amount: 4 },
    ]
    expect(await send('POST', '/items?columns=id,name', { body })).toMatchObject({ status: 201 })
    expect(await stored()).toMatchObject([{}, {}, { id: 3, name: 'x', amount: 7 }, { id: 4, name: null }])
    await send('PATCH', '/items?columns=name&id=eq.1', { body: { name: 'y', amount: 99 } })
    expect((await stored())[0]).toEqual({ id: 1, name: 'y', amount: 1 })
    expect(await send('POST', '/items?columns=id,nope', { body })).toMatchObject({
      status: 400,
      json: { code: 'PGRST204' },
    })
  })
})

describe('missing', () => {
  it('is null, or the default of the column', async () => {
    const body = [{ id: 3, name: null }, { id: 4 }]
    const answer = await send('POST', '/items?columns=id,name,amount&select=id,name,amount', {
      body,
      prefer: `missing=default, ${rep}`,
    })
    expect(answer).toMatchObject({
      applied: 'missing=default, return=representation',
      json: [
        { id: 3, name: null, amount: 7 },
        { id: 4, name: 'unnamed', amount: 7 },
      ],
    })
    await send('PATCH', '/items?columns=name,amount&id=eq.1', {
      body: { name: 'z' },
      prefer: 'missing=default',
    })
    expect((await stored())[0]).toEqual({ id: 1, name: 'z', amount: 7 })
  })
})

describe('resolution', () => {
  it('merges or leaves alone, by the primary key or by the columns named', async () => {
    const merge = { prefer: `resolution=merge-duplicates, ${rep}`, body: [{ id: 9, code: 'a', amount: 5 }] }
    expect(await send('POST', '/items?on_conflict=code&select=id,amount', merge)).toMatchObject({
      status: 200,
      applied: 'resolution=merge-duplicates, return=representation',
      json: [{ id: 9, amount: 5 }],
    })
    const ignore = { prefer: `resolution=ignore-duplicates, ${rep}`, body: [{ id: 2 }, { id: 3 }] }
    expect(await send('POST', '/items?select=id', ignore)).toMatchObject({ status: 201, json: [{ id: 3 }] })
    const keyless = await send('POST', '/loose', {
      prefer: 'resolution=merge-duplicates',
      body: { word: 'x' },
    })
    expect([keyless.status, keyless.applied]).toEqual([201, null])
  })
})

describe('count', () => {
  it('is exact, planned, or exact for few rows and planned for many', async () => {
    const range = async (prefer: string, path = '/items?select=id') =>
      (await send('GET', path, { prefer })).headers.get('content-range')
    await server.sql('insert into items select i from generate_series(3, 3000) i')
    await server.sql('analyze items')
    expect(await range('count=exact', '/items?id=lt.4&limit=2')).toBe('0-1/3')
    expect(await range('count=planned')).toBe('0-999/3000')
    expect(await range('count=estimated')).toBe('0-999/3000')
    expect(await range('count=estimated', '/items?id=lt.4')).toBe('0-2/3')
    expect(await range('')).toBe('0-999/*')
  })

  it('of a write is the number of rows it wrote', async () => {
    const range = async (method: string, path: string, body?: unknown) =>
      (await send(method, path, { prefer: 'count=exact', body })).headers.get('content-range')
    expect(await range('POST', '/items', [{ id: 3 }, { id: 4 }])).toBe('*/2')
    expect(await range('PATCH', '/items?id=gt.1', { name: 'x' })).toBe('0-2/3')
    expect(await range('PATCH', '/items?id=gt.99', { name: 'x' })).toBe('*/0')
    expect(await range('DELETE', '/items?id=lt.3')).toBe('*/2')
  })
})

describe('tx', () => {
  it('looks at everything and keeps nothing, what is only checked in the end included', async () => {
    const answer = await send('DELETE', '/items?id=eq.1', { prefer: `tx=rollback, ${rep}` })
    expect(answer).toMatchObject({
      status: 200,
      applied: `return=representation, tx=rollback`,
      json: [{ id: 1 }],
    })
    expect(await stored('id')).toHaveLength(2)
    const orphan = { prefer: 'tx=rollback', body: { id: 1, item_id: 99 } }
    expect(await send('POST', '/kids', orphan)).toMatchObject({ status: 409, json: { code: '23503' } })
    expect(await send('POST', '/kids', { body: orphan.body })).toMatchObject({ status: 409 })
  })
})

describe('handling and max-affected', () => {
  it('take back what touches too many rows, and refuse what nobody knows', async () => {
    const strict = 'handling=strict, max-affected=1'
    const change = { prefer: strict, body: { name: 'all' } }
    expect(await send('PATCH', '/items?id=gt.0', change)).toMatchObject({
      status: 400,
      json: { code: 'PGRST124', details: 'The query affects 2 rows' },
    })
    expect(await send('POST', '/rpc/touch', { prefer: strict, body: {} })).toMatchObject({
      status: 400,
      json: { code: 'PGRST124' },
    })
    expect(await stored('amount')).toEqual([{ amount: 1 }, { amount: 2 }])
    expect(await send('PATCH', '/items?id=eq.1', change)).toMatchObject({
      status: 204,
      applied: 'handling=strict, max-affected=1',
    })
    expect(await send('PATCH', '/items?id=gt.0', { ...change, prefer: 'max-affected=1' })).toMatchObject({
      status: 204,
    })
    expect(await send('GET', '/items', { prefer: 'handling=strict, foo=1, count=all' })).toMatchObject({
      status: 400,
      json: { code: 'PGRST122', details: 'Invalid preferences: foo=1, count=all' },
    })
  })
})

describe('timezone', () => {
  it('is that of the times in the answer', async () => {
    const answer = await send('GET', '/items?select=at&id=eq.1', { prefer: 'timezone=America/Los_Angeles' })
    expect(answer).toMatchObject({
      applied: 'timezone=America/Los_Angeles',
      json: [{ at: '2026-01-01T04:00:00-08:00' }],
    })
    expect(await send('GET', '/items', { prefer: 'timezone=Nowhere' })).toMatchObject({
      status: 400,
      json: { code: '22023' },
    })
    expect((await send('GET', '/items?select=at&id=eq.1')).json).toEqual([
      { at: '2026-01-01T12:00:00+00:00' },
    ])
  })
})

describe('a put', () => {
  it('makes one row or changes it, by its whole key', async () => {
    expect(await send('PUT', '/items?id=eq.5', { body: { id: 5, name: 'five' }, prefer: rep })).toMatchObject(
      {
        status: 201,
        json: [{ id: 5, name: 'five' }],
      },
    )
    expect(await send('PUT', '/items?id=eq.5', { body: { id: 5, name: 'cinq' }, prefer: rep })).toMatchObject(
      {
        status: 200,
        json: [{ name: 'cinq' }],
      },
    )
    expect(await send('PUT', '/items?id=eq.5', { body: { id: 5, name: 'x' } })).toMatchObject({ status: 204 })
  })

  it('is refused for another row, by another filter, or for a page', async () => {
    const put = (path: string, body: unknown = { id: 5 }) => send('PUT', path, { body })
    expect(await put('/items?id=eq.6')).toMatchObject({ status: 400, json: { code: 'PGRST115' } })
    expect(await put('/items?id=eq.6', {})).toMatchObject({ status: 400, json: { code: 'PGRST115' } })
    expect(await put('/items?name=eq.x')).toMatchObject({ status: 405, json: { code: 'PGRST105' } })
    expect(await put('/items?id=gt.4')).toMatchObject({ status: 405, json: { code: 'PGRST105' } })
    expect(await put('/items?id=eq.5&limit=1')).toMatchObject({ status: 400, json: { code: 'PGRST114' } })
    expect(await stored('id')).toEqual([{ id: 1 }, { id: 2 }])
  })
})
