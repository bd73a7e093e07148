import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.items (id int primary key, name text, note text);
insert into items values (1, 'one', null), (2, 'two, or "more"', 'x'), (3, 'three', null);
create table public.pairs (a int, b int, primary key (a, b));
create function extensions.st_asgeojson(row_ anyelement) returns text language sql immutable
  as $$ select json_build_object('type', 'Feature', 'properties', to_json(row_))::text $$;
alter role authenticator set pgrst.db_plan_enabled = 'true';
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
afterAll(() => server.stop())

const send = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string) =>
  fetch(`${server.url}/rest/v1${path}`, {
    method,
    headers: { apikey: server.anonKey, ...headers },
    ...(body !== undefined && { body }),
  })

const object = 'application/vnd.pgrst.object+json'

describe('an answer', () => {
  it('is one object, without nulls, where that is wanted, whatever was asked', async () => {
    const one = await send('/items?id=eq.1', { Accept: `${object};nulls=stripped` })
    expect([one.headers.get('content-type'), await one.json()]).toEqual([
      `${object};nulls=stripped; charset=utf-8`,
      { id: 1, name: 'one' },
    ])
    const written = await send(
      '/items?id=gt.1',
      { Accept: object, 'Content-Type': 'application/json' },
      'PATCH',
      '{"note":"y"}',
    )
    expect([written.status, await written.json()]).toMatchObject([406, { code: 'PGRST116' }])
    expect((await send('/items?note=eq.y')).status).toBe(200)
    expect(await (await send('/items?note=eq.y')).json()).toEqual([])
  })

  it('is CSV both ways', async () => {
    const csv = 'id,name,note\n7,"a ""b"", c",NULL\n8,x,y'
    const headers = {
      'Content-Type': 'text/csv',
      Accept: 'text/csv',
      Prefer: 'return=representation, tx=rollback',
    }
    const answer = await send('/items', headers, 'POST', csv)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      201,
      'text/csv; charset=utf-8',
      'id,name,note\n7,"a ""b"", c",\n8,x,y',
    ])
    expect((await db.from('items').select('id,note').eq('id', 2).csv()).data).toBe('id,note\n2,x')
  })

  it('is GeoJSON where PostGIS is', async () => {
    const { data } = await db.from('items').select('id').eq('id', 1).geojson()
    expect(data).toEqual({
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { id: 1 } }],
    })
  })

  it('is how PostgreSQL would find it, where a project allows that', async () => {
    const text = await db.from('items').select().eq('id', 1).explain()
    expect(text.data).toContain('Aggregate')
    const json = await db.from('items').select().explain({ format: 'json', analyze: true, verbose: true })
    expect(json.data).toMatchObject([
      { Plan: { 'Actual Rows': expect.anything(), Output: expect.anything() } },
    ])
    const kept = await db.from('items').insert({ id: 9 }).select().explain({ format: 'json' })
    expect(kept.data).toMatchObject([{ Plan: expect.anything() }])
    expect((await db.from('items').select().eq('id', 9)).data).toEqual([])
    await server.sql('alter role authenticator reset pgrst.db_plan_enabled')
    expect(await db.from('items').select().explain()).toMatchObject({
      status: 406,
      error: { code: 'PGRST107' },
    })
  })

  it('has no body for HEAD, and all of its headers', async () => {
    const head = await send('/items?select=id&id=lt.3', { Prefer: 'count=exact' }, 'HEAD')
    expect([head.status, await head.text(), head.headers.get('content-range')]).toEqual([200, '', '0-1/2'])
    const missing = await send('/nowhere', {}, 'HEAD')
    expect([missing.status, missing.headers.get('proxy-status')]).toEqual([404, 'PostgREST; error=PGRST205'])
  })
})

describe('the headers', () => {
  it('say which page it is, by the parameters or by a header', async () => {
    const range = async (path: string, header?: string) => {
      const answer = await send(path, { Prefer: 'count=exact', ...(header && { Range: header }) })
      return [answer.status, answer.statusText, answer.headers.get('content-range')]
    }
    expect(await range('/items?limit=2&offset=1')).toEqual([206, 'Partial Content', '1-2/3'])
    expect(await range('/items', '0-1')).toEqual([206, 'Partial Content', '0-1/3'])
    expect(await range('/items?limit=0')).toEqual([206, 'Partial Content', '*/3'])
    expect(await range('/items?offset=9')).toEqual([416, 'Range Not Satisfiable', '*/3'])
    expect(await range('/items', '2-1')).toEqual([416, 'Range Not Satisfiable', null])
  })

  it('say where the answer and the new row are', async () => {
    const read = await send('/items?select=id&order=id&id=in.(1,2)')
    expect(read.headers.get('content-location')).toBe('/items?id=in.(1%2C2)&order=id&select=id')
    expect(read.headers.get('content-profile')).toBe('public')
    const headers = { 'Content-Type': 'application/json', Prefer: 'return=headers-only, tx=rollback' }
    const written = await send('/pairs', headers, 'POST', '{"a":1,"b":2}')
    expect([written.status, written.headers.get('location')]).toEqual([201, '/pairs?a=eq.1&b=eq.2'])
    const two = await send('/pairs', headers, 'POST', '[{"a":1,"b":2},{"a":1,"b":3}]')
    expect(two.headers.get('location')).toBeNull()
  })

  it('may be read by pages of other origins', async () => {
    const exposed = (await send('/items')).headers.get('access-control-expose-headers')
    for (const name of ['Content-Range', 'Content-Location', 'Location', 'Preference-Applied']) {
      expect(exposed).toContain(name)
    }
  })
})
