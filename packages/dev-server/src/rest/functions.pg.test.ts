import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.items (id int primary key, name text);
insert into items values (1, 'one'), (2, 'two');
create function public.upper_name(items) returns text language sql stable as 'select upper($1.name)';
create function found(name text) returns setof items language sql stable as 'select * from items where items.name = found.name';
create function over() returns text language sql immutable as $$ select 'none' $$;
create function over(a int) returns text language sql immutable as $$ select 'a' $$;
create function over(a int, b int) returns text language sql immutable as $$ select 'a,b' $$;
create function over(a int, c text default 'x') returns text language sql immutable as $$ select 'a,c' $$;
create function raw(json) returns json language sql as 'select $1';
create function raw(text) returns text language sql as 'select upper($1)';
create function raw(bytea) returns int language sql as 'select octet_length($1)';
create function raw(xml) returns text language sql as 'select $1::text';
create function many(variadic v text[] default '{}') returns text[] language sql immutable as 'select v';
create function "Odd name"("An arg" int) returns int language sql as 'select $1 + 1';
create function pair(a int, b text) returns record language plpgsql as 'begin return (a, b); end';
create function outs(a int, out b int, inout c text) language sql as 'select a * 2, upper(c)';
create function one_column() returns table (id int) language sql as 'select generate_series(1, 3)';
create function moods(m text[]) returns setof text language sql as 'select unnest(m)';
create function slow() returns int language sql set statement_timeout = '20ms' as 'select 1 from pg_sleep(0.3)';
create function whoami() returns json language sql stable as $$ select json_build_object(
  'user', current_user, 'session', session_user, 'role', current_setting('request.jwt.claims')::json ->> 'role',
  'method', current_setting('request.method'), 'path', current_setting('request.path'),
  'header', current_setting('request.headers')::json ->> 'x-any', 'cookie', current_setting('request.cookies')::json ->> 'a') $$;
`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema)
})
afterAll(() => server.stop())

async function call(path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}/rest/v1/rpc/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      apikey: server.anonKey,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return [answer.status, text === '' ? '' : JSON.parse(text)] as [number, any]
}

describe('a function', () => {
  it('is chosen by the names of the arguments, those with defaults last', async () => {
    expect(await call('over')).toEqual([200, 'none'])
    expect(await call('over', {})).toEqual([200, 'none'])
    expect(await call('over?a=1&b=2')).toEqual([200, 'a,b'])
    expect(await call('over', { a: 1, c: 'y' })).toEqual([200, 'a,c'])
    const [status, error] = await call('over', { a: 1 })
    expect([status, error.code]).toEqual([300, 'PGRST203'])
    expect(error.message).toContain('public.over(a => integer), public.over(a => integer, c => text)')
  })

  it('with one unnamed argument takes the body of its type', async () => {
    expect(await call('raw', '{"a": 1.10}')).toEqual([200, { a: 1.1 }])
    expect(await call('raw', 'text', { 'Content-Type': 'text/plain' })).toEqual([200, 'TEXT'])
    expect(await call('raw', '<a/>', { 'Content-Type': 'text/xml' })).toEqual([200, '<a/>'])
    expect(await call('raw', '\u0000\u0001é', { 'Content-Type': 'application/octet-stream' })).toEqual([
      200, 4,
    ])
    expect(await call('over', 'x', { 'Content-Type': 'text/plain' })).toEqual([
      404,
      {
        code: 'PGRST202',
        message: 'Could not find the function public.over in the schema cache',
        details:
          'Searched for the function public.over with a single unnamed text parameter, but no matches were found in the schema cache.',
        hint: null,
      },
    ])
  })

  it('takes lists, forms, and arguments with any name', async () => {
    expect(await call('many')).toEqual([200, []])
    expect(await call('many?v=a&v=b,c')).toEqual([200, ['a', 'b,c']])
    expect(await call('many', { v: ['a', 'b'] })).toEqual([200, ['a', 'b']])
    expect(await call('found?name=one&name=two&select=id')).toEqual([200, [{ id: 2 }]])
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    expect(await call('over', 'a=1&b=2', form)).toEqual([200, 'a,b'])
    expect(await call('many', 'v=x&v=y', form)).toEqual([200, ['x', 'y']])
    expect(await call('Odd%20name', { 'An arg': 1 })).toEqual([200, 2])
    expect(
      await call('over', [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ]),
    ).toEqual([200, 'a,b'])
    expect(await call('over?columns=a,b', { a: 1, b: 2, more: 3 })).toEqual([200, 'a,b'])
  })

  it('gives what it returns: a value, an object, a list, or a list of objects', async () => {
    expect(await call('pair', { a: 1, b: 'x' })).toEqual([200, { f1: 1, f2: 'x' }])
    expect(await call('outs', { a: 2, c: 'y' })).toEqual([200, { b: 4, c: 'Y' }])
    expect(await call('one_column', {})).toEqual([200, [{ id: 1 }, { id: 2 }, { id: 3 }]])
    expect(await call('moods', { m: ['a', null] })).toEqual([200, ['a', null]])
  })

  it('gives rows that can be chosen from, ordered, cut, and computed on', async () => {
    expect(await call('one_column?id=gt.1&order=id.desc&limit=1', {})).toEqual([200, [{ id: 3 }]])
    expect(await call('found?name=one&select=id,upper_name')).toEqual([200, [{ id: 1, upper_name: 'ONE' }]])
    expect(await call('found?name=eq.one', { name: 'one' })).toEqual([200, [{ id: 1, name: 'one' }]])
    expect(await call('found?name=one&nope=eq.1')).toMatchObject([400, { code: '42703' }])
  })

  it('that is not there is answered with what is like it', async () => {
    expect(await call('found', { nam: 'x' })).toEqual([
      404,
      {
        code: 'PGRST202',
        message: 'Could not find the function public.found(nam) in the schema cache',
        details:
          'Searched for the function public.found with parameter nam or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.',
        hint: 'Perhaps you meant to call the function public.found(name)',
      },
    ])
    expect(await call('fond?a=1&b=2')).toMatchObject([
      404,
      {
        message: 'Could not find the function public.fond(a, b) in the schema cache',
        details: expect.stringContaining('with parameters a, b, but no matches'),
        hint: 'Perhaps you meant to call the function public.found',
      },
    ])
    const strict = { Prefer: 'handling=strict, max-affected=1' }
    expect(await call('over', {}, strict)).toMatchObject([400, { code: 'PGRST128' }])
  })

  it('sees who calls and how, and is stopped by its own timeout', async () => {
    const [, seen] = await call('whoami', undefined, { 'X-Any': 'thing', Cookie: 'a=b; c=d' })
    expect(seen).toEqual({
      user: 'anon',
      session: 'authenticator',
      role: 'anon',
      method: 'GET',
      path: '/rpc/whoami',
      header: 'thing',
      cookie: 'b',
    })
    expect(await call('slow', {})).toMatchObject([500, { code: '57014' }])
  })
})
