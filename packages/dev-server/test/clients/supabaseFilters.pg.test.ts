/** Every filter and modifier of `supabase-js`, each as its documentation uses it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../testServer.js'

const sql = `
  create table public.makers (id int primary key, name text not null);
  create table public.things (
    id int primary key, name text, price numeric, maker int references makers, tags text[] not null default '{}',
    data jsonb, sold int4range, words tsvector generated always as (to_tsvector('english', coalesce(name, ''))) stored
  );
  create schema other;
  create table other.secrets (id int primary key);
  grant usage on schema other to anon;
  grant select on other.secrets to anon;
  insert into other.secrets values (7);
  insert into makers values (1, 'Ann'), (2, 'Bob');
  insert into things (id, name, price, maker, tags, data, sold) values
    (1, 'Red lamp', 10, 1, '{a,b}', '{"size": 1, "of": {"x": "y"}}', '[1,5)'),
    (2, 'Blue lamp', 20, 1, '{b}', '{"size": 2}', '[5,9)'),
    (3, 'green chair', 30, 2, '{c}', null, '[10,20)'),
    (4, null, null, null, '{}', '{}', null);
  create function public.cheap(most numeric) returns setof things language sql stable as
    'select * from things where price <= most';
  create function public.answer() returns int language sql stable as 'select 42';
  alter role authenticator set pgrst.db_plan_enabled = 'true';`

let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startTestServer(sql, { rest: { schemas: ['public', 'other'] } })
  client = await server.client()
})
afterAll(() => server.stop())

const things = () => client.from('things').select('id').order('id')
type Query = ReturnType<typeof things>

describe('the filters of supabase-js', () => {
  test.each<[string, (query: Query) => Query, number[]]>([
    ['eq', (q) => q.eq('name', 'Red lamp'), [1]],
    ['neq', (q) => q.neq('id', 1), [2, 3, 4]],
    ['gt', (q) => q.gt('price', 20), [3]],
    ['gte', (q) => q.gte('price', 20), [2, 3]],
    ['lt', (q) => q.lt('price', 20), [1]],
    ['lte', (q) => q.lte('price', 20), [1, 2]],
    ['like', (q) => q.like('name', '%lamp'), [1, 2]],
    ['likeAllOf', (q) => q.likeAllOf('name', ['%lamp', 'Red%']), [1]],
    ['likeAnyOf', (q) => q.likeAnyOf('name', ['Red%', 'green%']), [1, 3]],
    ['ilike', (q) => q.ilike('name', 'GREEN%'), [3]],
    ['ilikeAllOf', (q) => q.ilikeAllOf('name', ['%LAMP', 'red%']), [1]],
    ['ilikeAnyOf', (q) => q.ilikeAnyOf('name', ['red%', 'GREEN%']), [1, 3]],
    ['regexMatch', (q) => q.regexMatch('name', '^(Red|Blue)'), [1, 2]],
    ['regexIMatch', (q) => q.regexIMatch('name', '^(red|GREEN)'), [1, 3]],
    ['is', (q) => q.is('name', null), [4]],
    ['isDistinct', (q) => q.isDistinct('maker', 1), [3, 4]],
    ['in', (q) => q.in('name', ['Red lamp', 'no, (such)']), [1]],
    ['notIn', (q) => q.notIn('id', [1, 2]), [3, 4]],
    ['contains an array', (q) => q.contains('tags', ['a', 'b']), [1]],
    ['contains an object', (q) => q.contains('data', { of: { x: 'y' } }), [1]],
    ['containedBy', (q) => q.containedBy('tags', ['b', 'c']), [2, 3, 4]],
    ['overlaps', (q) => q.overlaps('tags', ['b', 'c']), [1, 2, 3]],
    ['rangeGt', (q) => q.rangeGt('sold', '[1,6)'), [3]],
    ['rangeGte', (q) => q.rangeGte('sold', '[5,6)'), [2, 3]],
    ['rangeLt', (q) => q.rangeLt('sold', '[9,10)'), [1, 2]],
    ['rangeLte', (q) => q.rangeLte('sold', '[1,9)'), [1, 2]],
    ['rangeAdjacent', (q) => q.rangeAdjacent('sold', '[9,10)'), [2, 3]],
    ['textSearch', (q) => q.textSearch('words', 'lamps & red', { config: 'english' }), [1]],
    ['textSearch, as on the web', (q) => q.textSearch('words', 'lamp -red', { type: 'websearch' }), [2]],
    ['match', (q) => q.match({ maker: 1, price: 20 }), [2]],
    ['not', (q) => q.not('name', 'like', '%lamp'), [3]],
    ['or', (q) => q.or('id.eq.4,and(price.gt.15,maker.eq.1)'), [2, 4]],
    ['filter', (q) => q.filter('data->size', 'gte', '2'), [2]],
    ['limit', (q) => q.limit(2), [1, 2]],
    ['range', (q) => q.range(1, 2), [2, 3]],
  ])('%s', async (_, narrow, ids) => {
    const { data, error } = await narrow(things())
    expect(error).toBeNull()
    expect(data?.map(({ id }) => id)).toEqual(ids)
  })

  test('reach into what is embedded', async () => {
    const query = client
      .from('makers')
      .select('name, things!inner(id)')
      .gt('things.price', 10)
      .or('id.eq.2,name.like.Blue*', { referencedTable: 'things' })
      .order('id', { referencedTable: 'things', ascending: false })
      .limit(1, { referencedTable: 'things' })
    expect((await query).data).toEqual([{ name: 'Ann', things: [{ id: 2 }] }])
  })
})

describe('the modifiers of supabase-js', () => {
  test('single, maybeSingle, csv, stripNulls and explain choose the form', async () => {
    const first = () => client.from('things').select('id,name').eq('id', 1)
    expect((await first().single()).data).toEqual({ id: 1, name: 'Red lamp' })
    expect((await things().single()).error).toMatchObject({ code: 'PGRST116' })
    expect((await first().maybeSingle()).data).toEqual({ id: 1, name: 'Red lamp' })
    expect((await things().eq('id', 9).maybeSingle()).data).toBeNull()
    expect((await first().csv()).data).toBe('id,name\n1,"Red lamp"')
    const last = client.from('things').select('id,name').eq('id', 4)
    expect((await last.stripNulls()).data).toEqual([{ id: 4 }])
    expect((await first().explain()).data).toContain('Scan')
  })

  test('count, head, schema and rpc with filters', async () => {
    const head = await client.from('things').select('*', { count: 'exact', head: true })
    expect([head.count, head.data]).toEqual([4, null])
    expect((await client.schema('other').from('secrets').select()).data).toEqual([{ id: 7 }])
    const cheap = client
      .rpc('cheap', { most: 20 }, { get: true, count: 'exact' })
      .select('id')
      .gt('price', 10)
    expect(await cheap).toMatchObject({ data: [{ id: 2 }], count: 1 })
    expect((await client.rpc('answer')).data).toBe(42)
  })

  test('a read is tried again after a failure that passes, unless that is not wanted', async () => {
    server.faults.set({ errors: { status: 503, probability: 1 } })
    expect((await things().retry(false)).status).toBe(503)
    const patient = things().then(({ data }) => data?.length)
    await new Promise((resolve) => setTimeout(resolve, 300))
    server.faults.clear()
    expect(await patient).toBe(4)
  })

  test('throwOnError, abortSignal, setHeader and the description', async () => {
    await expect(client.from('nothing').select().throwOnError()).rejects.toMatchObject({ code: 'PGRST205' })
    const aborted = await things().abortSignal(AbortSignal.abort())
    expect(aborted.error?.message).toContain('AbortError')
    const named = things().setHeader('Accept', 'text/csv')
    expect((await named.eq('id', 1)).data).toBe('id\n1')
    const { data } = await (client as any).rest.getOpenApiSpec()
    expect(Object.keys(data.paths)).toEqual(expect.arrayContaining(['/things', '/rpc/cheap']))
  })
})
