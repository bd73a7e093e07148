import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create domain public.words as tsvector;
create table public.notes (
  id int primary key, title text, rank int, done boolean, tags text[], body tsvector, words words,
  span int4range, at date, data jsonb
);
insert into notes values
  (1, 'Apple pie', 3, true, '{red,round}', to_tsvector('english', 'the quick foxes jumped'), 'fat:1 cat:2', '[1,5)', '2026-01-01', '{"a": [{"b": 1}], "n": "x"}'),
  (2, 'banana', 1, false, '{yellow}', to_tsvector('english', 'lazy dogs sleeping'), 'dog:1', '[5,10)', '2026-02-01', '{"a": [], "n": "y"}'),
  (3, null, null, null, null, null, null, null, null, null);
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
afterAll(() => server.stop())

/** The ids of the rows that all filters of a query string let through. */
async function ids(query: string): Promise<number[] | { code: string }> {
  const answer = await fetch(`${server.url}/rest/v1/notes?select=id&order=id&${query}`, {
    headers: { apikey: server.anonKey },
  })
  const body = (await answer.json()) as { id: number }[] | { code: string }
  return Array.isArray(body) ? body.map(({ id }) => id) : body
}

describe('an operator', () => {
  it('may hold for any or for all of several values', async () => {
    expect(await ids('rank=eq(any).{1,3}')).toEqual([1, 2])
    expect(await ids('rank=gt(all).{1,2}')).toEqual([1])
    expect(await ids('title=like(any).{A*,*zz*}')).toEqual([1])
    expect(await ids('title=ilike(all).{*A*,*P*}')).toEqual([1])
    expect(await ids('title=not.like(any).{A*,b*}')).toEqual([])
    expect(await ids('title=match(any).{^A,^b}')).toEqual([1, 2])
    expect(await ids('rank=neq(any).{1,3}')).toMatchObject({ code: 'PGRST100' })
  })

  it('may be turned round, and then null is neither', async () => {
    expect(await ids('rank=not.eq.1')).toEqual([1])
    expect(await ids('rank=not.in.(1,2)')).toEqual([1])
    expect(await ids('rank=not.is.null')).toEqual([1, 2])
    expect(await ids('not.or=(rank.eq.1,done.is.false)')).toEqual([1])
    expect(await ids('or=(not.and(rank.eq.3,done.is.true),rank.is.null)')).toEqual([2, 3])
  })

  it('tells states apart, null among them', async () => {
    expect(await ids('done=is.TRUE')).toEqual([1])
    expect(await ids('done=is.not_null')).toEqual([1, 2])
    expect(await ids('done=is.unknown')).toEqual([3])
    expect(await ids('rank=isdistinct.3')).toEqual([2, 3])
    expect(await ids('rank=not.isdistinct.3')).toEqual([1])
  })

  it('searches text with each way to write the question, and with a configuration', async () => {
    expect(await ids('body=fts(english).fox%26jump')).toEqual([1])
    expect(await ids('body=plfts(english).lazy sleep')).toEqual([2])
    expect(await ids('body=phfts(english).quick fox')).toEqual([1])
    expect(await ids('body=wfts(english).fox or dog')).toEqual([1, 2])
    expect(await ids('body=not.wfts(english).dog')).toEqual([1])
    expect(await ids('title=fts(english).apples')).toEqual([1])
    expect(await ids('data=fts.x')).toEqual([1])
    expect(await ids('words=fts(simple).cat')).toEqual([1])
    expect(await ids('body=fts(nowhere).fox')).toMatchObject({ code: '42704' })
  })

  it('compares ranges and arrays', async () => {
    expect(await ids('span=sl.[5,6)')).toEqual([1])
    expect(await ids('span=sr.[1,4)')).toEqual([2])
    expect(await ids('span=nxr.[1,6)')).toEqual([1])
    expect(await ids('span=nxl.[2,6)')).toEqual([2])
    expect(await ids('span=adj.[10,11)')).toEqual([2])
    expect(await ids('span=ov.[4,6)')).toEqual([1, 2])
    expect(await ids('span=cs.[1,2)')).toEqual([1])
    expect(await ids('span=cd.[0,6)')).toEqual([1])
    expect(await ids('tags=ov.{red,blue}')).toEqual([1])
    expect(await ids('tags=cd.{yellow,green}')).toEqual([2])
  })

  it('reaches into JSON, by keys and by places', async () => {
    expect(await ids('data->a->0->>b=eq.1')).toEqual([1])
    expect(await ids('data->a->-1->b=gte.1')).toEqual([1])
    expect(await ids('data->>"n"=in.(x,z)')).toEqual([1])
    expect(await ids('data=cs.{"n":"y"}')).toEqual([2])
    expect(await ids('tags->>0=eq.yellow')).toEqual([2])
    expect(
      (await db.from('notes').select('id').order('data->>n', { ascending: false, nullsFirst: false })).data,
    ).toEqual([{ id: 2 }, { id: 1 }, { id: 3 }])
  })

  it('takes values with every sign there is', async () => {
    const odd = [
      'a,b',
      '(x)',
      'say "hi"',
      'back\\slash',
      '{curly}',
      'per%cent',
      'semi;colon',
      "quo'te",
      ' sp ace ',
      'ü💥',
    ]
    await server.sql('create table odd (id int primary key, word text)')
    await db.from('odd').insert(odd.map((word, id) => ({ id, word })))
    for (const [id, word] of odd.entries()) {
      const quoted = `"${word.replace(/[\\"]/g, '\\$&')}"`
      expect((await db.from('odd').select('id').eq('word', word)).data, word).toEqual([{ id }])
      expect((await db.from('odd').select('id').filter('word', 'in', `(${quoted})`)).data, word).toEqual([
        { id },
      ])
      expect((await db.from('odd').select('id').or(`word.eq.${quoted},id.lt.0`)).data, word).toEqual([{ id }])
    }
  })
})
