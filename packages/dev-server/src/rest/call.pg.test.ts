import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.things (id int primary key, name text);
insert into things values (1, 'a'), (2, 'b'), (3, 'c');
create function add(a int, b int default 10) returns int language sql immutable as 'select a + b';
create function nobody() returns int language sql as 'select null::int';
create function silent() returns void language sql as '';
create function names() returns setof text language sql stable as 'select name from things order by id';
create function things_after(floor int) returns setof things language sql stable as 'select * from things where id > things_after.floor';
create function thing(wanted int) returns things language sql stable as 'select * from things where id = wanted';
create function split(whole text, out head text, out tail text) language sql as $$ select left(whole, 1), substr(whole, 2) $$;
create function rows_of(n int) returns table (n1 int, n2 int) language sql as 'select i, i * i from generate_series(1, n) i';
create function echo(jsonb) returns jsonb language sql as 'select $1';
create function total(variadic numbers int[]) returns bigint language sql as 'select sum(n) from unnest(numbers) n';
create function tags(list text[]) returns int language sql as 'select cardinality(list)';
create function add_thing(id int, name text) returns things language sql as 'insert into things values (id, name) returning *';
create function kind(a text) returns text language sql as $$ select 'text' $$;
create function kind(a int) returns text language sql as $$ select 'int' $$;
create function whole(text) returns text language sql as 'select $1';
create function whole(int) returns text language sql as 'select $1';
create function teapot() returns int language plpgsql as $$ begin
  raise sqlstate 'PGRST' using message = '{"code":"tea","message":"short and stout"}', detail = '{"status":418,"headers":{"X-Pot":"yes"}}';
end $$;
create function conflict() returns int language plpgsql as $$ begin raise sqlstate 'PT409' using message = 'again'; end $$;
create function failing() returns int language plpgsql as $$ begin raise 'no' using hint = 'try', detail = 'because'; end $$;
create function with_headers() returns int language plpgsql as $$ begin
  perform set_config('response.headers', 
    '[{"X-Answer": "yes"}, {"Set-Cookie": "a=1"}, {"Set-Cookie": "b=2"}]', true), set_config('response.status', '202', true);
  return 1;
end $$;
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
afterAll(() => server.stop())

describe('a call', () => {
  it('gives a bare value for a function with one', async () => {
    expect(await db.rpc('add', { a: 1, b: 2 })).toMatchObject({ status: 200, data: 3 })
    expect((await db.rpc('add', { a: 1 })).data).toBe(11)
    expect((await db.rpc('nobody')).data).toBeNull()
    expect((await db.rpc('tags', { list: ['a', 'b,c'] })).data).toBe(2)
    expect((await db.rpc('total', { numbers: [1, 2, 3] })).data).toBe(6)
    expect((await db.rpc('echo', { any: { thing: 1 } })).data).toEqual({ any: { thing: 1 } })
  })

  it('gives nothing for void', async () => {
    expect(await db.rpc('silent')).toMatchObject({ status: 204, data: null, error: null })
  })

  it('gives a list for a set, and an object for one row', async () => {
    expect((await db.rpc('names')).data).toEqual(['a', 'b', 'c'])
    expect((await db.rpc('things_after', { floor: 1 })).data).toEqual([
      { id: 2, name: 'b' },
      { id: 3, name: 'c' },
    ])
    expect((await db.rpc('thing', { wanted: 2 })).data).toEqual({ id: 2, name: 'b' })
    expect((await db.rpc('split', { whole: 'abc' })).data).toEqual({ head: 'a', tail: 'bc' })
    expect((await db.rpc('rows_of', { n: 2 })).data).toEqual([
      { n1: 1, n2: 1 },
      { n1: 2, n2: 4 },
    ])
  })

  it('filters, orders, cuts and counts the rows of a set', async () => {
    const { data, count, status } = await db
      .rpc('things_after', { floor: 0 }, { count: 'exact' })
      .select('name')
      .neq('id', 2)
      .order('id', { ascending: false })
      .limit(1)
    expect({ data, count, status }).toEqual({ data: [{ name: 'c' }], count: 2, status: 206 })
    expect((await db.rpc('things_after', { floor: 2 }).single()).data).toEqual({ id: 3, name: 'c' })
    expect((await db.rpc('things_after', { floor: 1 }).single()).error).toMatchObject({ code: 'PGRST116' })
  })

  it('goes with GET and HEAD too, where arguments and filters share the query string', async () => {
    expect((await db.rpc('add', { a: 5, b: 6 }, { get: true })).data).toBe(11)
    expect((await db.rpc('tags', { list: ['a', 'b'] }, { get: true })).data).toBe(2)
    expect((await db.rpc('things_after', { floor: 1 }, { get: true }).gt('id', 2)).data).toEqual([
      { id: 3, name: 'c' },
    ])
    const head = await db.rpc('things_after', { floor: 1 }, { head: true, count: 'exact' })
    expect(head).toMatchObject({ status: 200, count: 2, data: null })
  })

  it('writes with POST, and must not with GET', async () => {
    expect((await db.rpc('add_thing', { id: 9, name: 'x' }, { get: true })).error).toMatchObject({
      code: '25006',
    })
    expect((await db.rpc('add_thing', { id: 9, name: 'x' })).data).toEqual({ id: 9, name: 'x' })
    await server.sql('delete from things where id = 9')
  })

  it('with a name that is empty gives all of it to the one argument that has none', async () => {
    expect((await db.rpc('whole', { '': 'x' })).data).toBe('{"":"x"}')
    expect((await db.rpc('whole', { '': 'x' }, { get: true })).data).toBe('{"":"x"}')
  })

  it('of no known function says what was looked for, and what is like it', async () => {
    const unknown = await db.rpc('addd', { a: 1 })
    expect(unknown).toMatchObject({
      status: 404,
      error: {
        code: 'PGRST202',
        message: 'Could not find the function public.addd(a) in the schema cache',
        hint: 'Perhaps you meant to call the function public.add',
      },
    })
    expect((await db.rpc('add', { a: 1, c: 2 })).error).toMatchObject({ code: 'PGRST202' })
    const either = 'public.kind(a => integer), public.kind(a => text)'
    expect(await db.rpc('kind', { a: 1 })).toMatchObject({
      status: 300,
      error: {
        code: 'PGRST203',
        message: `Could not choose the best candidate function between: ${either}`,
      },
    })
  })

  it('lets a function choose its error, status and headers', async () => {
    expect(await db.rpc('teapot')).toMatchObject({
      status: 418,
      error: { code: 'tea', message: 'short and stout' },
    })
    expect(await db.rpc('conflict')).toMatchObject({
      status: 409,
      error: { code: 'PT409', message: 'again' },
    })
    expect(await db.rpc('failing')).toMatchObject({
      status: 400,
      error: { code: 'P0001', message: 'no', hint: 'try', details: 'because' },
    })
    const answer = await fetch(`${server.url}/rest/v1/rpc/with_headers`, {
      method: 'POST',
      headers: { apikey: server.anonKey },
    })
    expect([answer.status, answer.headers.get('x-answer')]).toEqual([202, 'yes'])
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })
})
