import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.notes (
  id int primary key, title text, rank int, done boolean, tags text[], data jsonb, body tsvector,
  span int4range, at timestamptz, big bigint
);
insert into notes values
  (1, 'Apple', 3, true, '{red,round}', '{"size": {"h": 1}, "list": ["a", "b"]}', to_tsvector('english', 'the quick foxes'), '[1,5)', '2026-01-01T00:00:00.123456Z', 9007199254740993),
  (2, 'banana', 1, false, '{yellow}', '{"size": {"h": 2}}', to_tsvector('english', 'lazy dogs'), '[5,10)', '2026-02-01Z', 2),
  (3, 'Cherry', null, null, '{red}', null, null, '[10,20)', null, null),
  (4, 'a,b(c)"d\\e', 2, true, '{}', '[]', null, null, null, null);
create view public.titles as select id, title from notes;
create table public.many (id int primary key);
insert into many select generate_series(1, 1500);
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
afterAll(() => server.stop())

/** The ids that a question gives, in order. */
async function ids(query: PromiseLike<{ data: unknown; error: unknown }>): Promise<number[]> {
  const { data, error } = await query
  expect(error).toBeNull()
  return (data as { id: number }[]).map((row) => row.id)
}
const notes = () => db.from('notes').select('id').order('id')

describe('a read through supabase-js', () => {
  it('compares with every operator of the client', async () => {
    expect(await ids(notes().eq('title', 'Apple'))).toEqual([1])
    expect(await ids(notes().neq('title', 'Apple'))).toEqual([2, 3, 4])
    expect(await ids(notes().gt('rank', 1))).toEqual([1, 4])
    expect(await ids(notes().gte('rank', 2).lt('rank', 3))).toEqual([4])
    expect(await ids(notes().lte('rank', 1))).toEqual([2])
    expect(await ids(notes().like('title', '%rr%'))).toEqual([3])
    expect(await ids(notes().ilike('title', '*AN*'))).toEqual([2])
    expect(await ids(notes().likeAnyOf('title', ['A%', 'C%']))).toEqual([1, 3])
    expect(await ids(notes().ilikeAllOf('title', ['%a%', '%p%']))).toEqual([1])
    expect(await ids(notes().is('done', null))).toEqual([3])
    expect(await ids(notes().is('done', true))).toEqual([1, 4])
    expect(await ids(notes().in('id', [1, 3]))).toEqual([1, 3])
    expect(await ids(notes().in('title', ['Cherry', 'with, comma (and more)']))).toEqual([3])
    expect(await ids(notes().filter('title', 'in', '("a,b(c)\\"d\\\\e",Apple)'))).toEqual([1, 4])
    expect(await ids(notes().in('id', []))).toEqual([])
    expect(await ids(notes().contains('tags', ['red']))).toEqual([1, 3])
    expect(await ids(notes().containedBy('tags', ['red', 'round']))).toEqual([1, 3, 4])
    expect(await ids(notes().overlaps('tags', ['yellow', 'round']))).toEqual([1, 2])
    expect(await ids(notes().contains('data', { size: { h: 2 } }))).toEqual([2])
    expect(await ids(notes().rangeLt('span', '[5,10)'))).toEqual([1])
    expect(await ids(notes().rangeGte('span', '[5,10)'))).toEqual([2, 3])
    expect(await ids(notes().rangeAdjacent('span', '[5,10)'))).toEqual([1, 3])
    expect(await ids(notes().textSearch('body', 'fox', { config: 'english' }))).toEqual([1])
    expect(await ids(notes().textSearch('title', 'apple or banana', { type: 'websearch' }))).toEqual([1, 2])
    expect(await ids(notes().filter('title', 'imatch', '^[ab]'))).toEqual([1, 2, 4])
    expect(await ids(notes().filter('rank', 'isdistinct', '3'))).toEqual([2, 3, 4])
    expect(await ids(notes().match({ rank: 3, done: true }))).toEqual([1])
  })

  it('combines conditions with and, or and not', async () => {
    expect(await ids(notes().not('rank', 'is', null))).toEqual([1, 2, 4])
    expect(await ids(notes().not('id', 'in', '(1,2)'))).toEqual([3, 4])
    expect(await ids(notes().or('id.eq.1,rank.is.null'))).toEqual([1, 3])
    expect(await ids(notes().or('id.eq.4,and(rank.gte.1,not.and(rank.eq.3,done.is.true))'))).toEqual([2, 4])
    expect(await ids(notes().or('tags.cs.{red,round},title.eq."a,b(c)\\"d\\\\e"'))).toEqual([1, 4])
    expect(await ids(notes().or('id.in.(1,2),title.like.C*').gt('id', 1))).toEqual([2, 3])
  })

  it('selects columns under other names, as other types, and out of JSON', async () => {
    const { data, error } = await db
      .from('notes')
      .select('name:title, rank::text, data->size->h, height:data->size->>h, data->list->>1, done')
      .eq('id', 1)
      .single()
    expect(error).toBeNull()
    expect(data).toEqual({ name: 'Apple', rank: '3', h: 1, height: '1', list: 'b', done: true })
    expect(await ids(notes().eq('data->size->>h', '2'))).toEqual([2])
    expect(
      await ids(
        db.from('notes').select('id').gt('data->size->h', 0).order('data->size->h', { ascending: false }),
      ),
    ).toEqual([2, 1])
  })

  it("passes PostgreSQL's own JSON on: no microsecond and no digit is lost", async () => {
    const answer = await fetch(`${server.url}/rest/v1/notes?id=eq.1&select=at,big`, {
      headers: { apikey: server.anonKey },
    })
    expect(await answer.text()).toBe('[{"at":"2026-01-01T00:00:00.123456+00:00","big":9007199254740993}]')
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  it('orders, with nulls where they are wanted', async () => {
    const ordered = (options: object) => ids(db.from('notes').select('id').order('rank', options))
    expect(await ordered({ ascending: true })).toEqual([2, 4, 1, 3])
    expect(await ordered({ ascending: false })).toEqual([3, 1, 4, 2])
    expect(await ordered({ ascending: false, nullsFirst: false })).toEqual([1, 4, 2, 3])
    expect(await ids(db.from('notes').select('id').order('done').order('id', { ascending: false }))).toEqual([
      2, 4, 1, 3,
    ])
  })

  it('cuts pages, counts what there is, and says which part it gave', async () => {
    const page = await db.from('notes').select('id', { count: 'exact' }).order('id').range(1, 2)
    expect(page).toMatchObject({
      status: 206,
      statusText: 'Partial Content',
      count: 4,
      data: [{ id: 2 }, { id: 3 }],
    })
    const all = await db.from('notes').select('id', { count: 'exact' })
    expect(all).toMatchObject({ status: 200, statusText: 'OK', count: 4 })
    const head = await db.from('notes').select('*', { count: 'exact', head: true }).eq('done', true)
    expect(head).toMatchObject({ status: 200, count: 2, data: null, error: null })
    const beyond = await db.from('notes').select('id', { count: 'exact' }).range(10, 20)
    expect(beyond).toMatchObject({
      status: 416,
      error: { code: 'PGRST103', details: expect.stringContaining('only 4 rows') },
    })
  })

  it('gives at most 1,000 rows, and estimates when asked', async () => {
    await server.sql('analyze many')
    const all = await db.from('many').select('id', { count: 'exact' })
    expect(all.data).toHaveLength(1000)
    expect(all).toMatchObject({ status: 206, count: 1500 })
    const planned = await db.from('many').select('id', { count: 'planned' }).limit(1)
    expect(planned.count).toBe(1500)
    const estimated = await db.from('many').select('id', { count: 'estimated' }).lt('id', 11)
    expect(estimated.count).toBeGreaterThanOrEqual(10)
  })

  it('gives one object where one is wanted, and refuses when there is not exactly one', async () => {
    expect((await db.from('notes').select('id').eq('id', 1).single()).data).toEqual({ id: 1 })
    const none = await db.from('notes').select('id').eq('id', 99).single()
    expect(none).toMatchObject({
      status: 406,
      statusText: 'Not Acceptable',
      error: {
        code: 'PGRST116',
        message: 'Cannot coerce the result to a single JSON object',
        details: 'The result contains 0 rows',
        hint: null,
      },
    })
    expect(await db.from('notes').select('id').eq('id', 99).maybeSingle()).toMatchObject({
      data: null,
      error: null,
    })
    expect((await db.from('notes').select('id').maybeSingle()).error).toMatchObject({ code: 'PGRST116' })
  })

  it('reads views, writes CSV and leaves out nulls', async () => {
    expect((await db.from('titles').select().eq('id', 2)).data).toEqual([{ id: 2, title: 'banana' }])
    const csv = await db.from('notes').select('id,title').gte('id', 3).order('id').csv()
    expect(csv.data).toBe('id,title\n3,Cherry\n4,"a,b(c)""d\\\\e"')
    const stripped = await db.from('notes').select('id,rank').eq('id', 3).stripNulls()
    expect(stripped.data).toEqual([{ id: 3 }])
  })

  it('sees tables and columns that are made while it runs', async () => {
    await server.sql('create table public.late (id int primary key)')
    expect(await db.from('late').select()).toMatchObject({ data: [], error: null })
    await server.sql('alter table public.late add column name text default $$new$$')
    expect((await db.from('late').insert({ id: 1, name: 'x' }).select().single()).data).toEqual({
      id: 1,
      name: 'x',
    })
    await server.sql('drop table public.late')
    expect((await db.from('late').select()).error).toMatchObject({ code: 'PGRST205' })
  })
})
