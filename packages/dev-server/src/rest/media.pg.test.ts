import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'

/** Handlers as PostgREST's documentation of media types has them, and as its own tests try them. */
const schema = `
create domain "text/html" as text;
create domain "text/plain" as text;
create domain "text/csv" as text;
create domain "text/xml" as xml;
create domain "application/json" as json;
create domain "image/png" as bytea;
create domain "application/vnd.TWKB" as bytea;
create domain "pg/outfunc" as text;
create domain "*/*" as bytea;
create table public.lines (id int primary key, name text);
insert into lines values (1, 'one'), (2, 'two'), (3, 'three');
create table public.parts (id int primary key, line int references lines);
create view public.numbers as select id as val from lines;

create function "welcome.html"(name text default 'you') returns "text/html" language sql
  as $$ select '<h1>Welcome, ' || name || '</h1>' $$;
create function feed() returns "text/xml" language sql as $$ select E'\n<feed>\n</feed>'::xml $$;
create function nothing(id int) returns "image/png" language sql as 'select null::bytea where false';
create function picture() returns "image/png" language sql as $$ select '\\x89504e470d0a1a0a00ff'::bytea $$;
create function twice() returns setof "text/plain" language sql as $$ select 'a' union all select 'b' $$;
create function all_lines() returns setof lines language sql as 'select * from lines order by id';
create function ping() returns text language sql as $$ select 'pong' $$;

create function html_trans(state text, next lines) returns "text/html" language sql
  as $$ select state || '<li>' || next.name || '</li>' $$;
create aggregate html_agg(lines) (sfunc = html_trans, stype = "text/html", initcond = '');
create function twkb_trans(state bytea, next lines) returns "application/vnd.TWKB" language sql
  as $$ select state || set_byte('\\x00'::bytea, 0, 250 + next.id) $$;
create aggregate twkb_agg(lines) (sfunc = twkb_trans, stype = "application/vnd.TWKB", initcond = '');
create function bom_trans(state text, next lines) returns "text/csv" language sql
  as $$ select state || next.id || ';' || next.name || E'\\n' $$;
create function bom_final(data "text/csv") returns "text/csv" language sql as $$
  select set_config('response.headers', '[{"Content-Disposition": "attachment"}]', true);
  select 'id;name' || E'\\n' || data;
$$;
create aggregate bom_agg(lines) (sfunc = bom_trans, stype = "text/csv", finalfunc = bom_final, initcond = '');
create function out_trans(state text, next anyelement) returns "pg/outfunc" language sql
  as $$ select state || next::text || E'\\n' $$;
create aggregate out_agg(anyelement) (sfunc = out_trans, stype = "pg/outfunc", initcond = '');
create function json_trans(state "application/json", next parts) returns "application/json" language sql
  as $$ select '{"overridden": true}'::json $$;
create aggregate json_agg_of_parts(parts) (sfunc = json_trans, stype = "application/json", initcond = '{}');

create function any_trans(state "*/*", next numbers) returns "*/*" language sql
  as $$ select state || convert_to(next.val || ' ', 'utf8') $$;
create function any_final(data "*/*") returns "*/*" language plpgsql as $$
declare wanted text := current_setting('request.headers', true)::json ->> 'accept';
begin
  if wanted = 'text/xml' then
    perform set_config('response.headers', '[{"content-type": "text/xml"}]', true);
  elsif wanted = 'text/never' then
    raise sqlstate 'PT415' using message = 'Unsupported Media Type';
  end if;
  return data;
end $$;
create aggregate any_agg(numbers) (sfunc = any_trans, stype = "*/*", finalfunc = any_final, initcond = '');
alter role authenticator set pgrst.db_plan_enabled = 'true';
`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema)
})
afterAll(() => server.stop())

async function ask(path: string, accept?: string, init: RequestInit = {}) {
  const headers = { apikey: server.anonKey, ...(accept !== undefined && { Accept: accept }) }
  const answer = await fetch(`${server.url}/rest/v1${path}`, {
    ...init,
    headers: { ...headers, ...(init.headers as Record<string, string>) },
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { status: answer.status, type: answer.headers.get('content-type'), bytes, answer }
}

async function textOf(path: string, accept?: string, init?: RequestInit) {
  const { status, type, bytes } = await ask(path, accept, init)
  return [status, type, bytes.toString('utf8')]
}

const html = 'text/html'
const none = (types: string) => ({
  code: 'PGRST107',
  details: null,
  hint: null,
  message: `None of these media types are available: ${types}`,
})
async function refusal(path: string, accept: string) {
  const { status, bytes } = await ask(path, accept)
  return [status, JSON.parse(bytes.toString()) as unknown]
}

describe('a function that returns a media type', () => {
  it('answers with the text or the bytes themselves, where that type is asked for', async () => {
    const welcome = '/rpc/welcome.html'
    expect(await textOf(welcome, html)).toEqual([200, html, '<h1>Welcome, you</h1>'])
    expect(await textOf(`${welcome}?name=Ann`, 'TEXT/HTML;level=1')).toEqual([
      200,
      html,
      '<h1>Welcome, Ann</h1>',
    ])
    expect(await textOf(welcome, 'application/json')).toMatchObject([
      200,
      expect.anything(),
      '"<h1>Welcome, you</h1>"',
    ])
    const picture = await ask('/rpc/picture', 'image/png')
    expect([picture.status, picture.type, picture.bytes.toString('hex')]).toEqual([
      200,
      'image/png',
      '89504e470d0a1a0a00ff',
    ])
    // PostgreSQL's own way to write XML leaves an empty first line out.
    expect(await textOf('/rpc/feed', 'text/xml')).toEqual([200, 'text/xml; charset=utf-8', '<feed>\n</feed>'])
    expect(await textOf('/rpc/nothing?id=7', 'image/png')).toEqual([200, 'image/png', ''])
    expect(await textOf('/rpc/picture?limit=0', 'image/png')).toEqual([200, 'image/png', ''])
  })

  it('is chosen by weight, and by what leaves less open', async () => {
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/png,*/*;q=0.8'
    expect((await ask('/rpc/picture', browser)).type).toBe('image/png')
    expect((await ask('/rpc/picture', '*/*, image/png')).type).toBe('image/png')
    expect((await ask('/rpc/picture', 'image/png;q=0.1, application/json')).type).toContain('json')
    expect((await ask('/rpc/picture', '*/*')).type).toContain('application/json')
  })

  it('must give one value, and no other type than it has', async () => {
    expect(await refusal('/rpc/twice', 'text/plain')).toEqual([406, none('text/plain')])
    expect(await refusal('/rpc/ping', 'text/plain')).toEqual([406, none('text/plain')])
    expect(await refusal('/rpc/picture', 'image/webp;q=0.5, text/html')).toEqual([
      406,
      none('text/html, image/webp'),
    ])
  })
})

describe('an aggregate that returns a media type', () => {
  it('writes the rows of its table, those a function gives, and those that were written', async () => {
    const list = '<li>one</li><li>two</li><li>three</li>'
    expect(await textOf('/lines?order=id', html)).toEqual([200, html, list])
    expect(await textOf('/lines?id=eq.2&select=*', html)).toEqual([200, html, '<li>two</li>'])
    expect(await textOf('/lines?id=eq.9', html)).toEqual([200, html, ''])
    expect(await textOf('/rpc/all_lines?id=gt.1', html)).toEqual([200, html, '<li>two</li><li>three</li>'])
    const written = {
      method: 'PATCH',
      body: '{"name":"new"}',
      headers: { Prefer: 'return=representation, tx=rollback', 'Content-Type': 'application/json' },
    }
    expect(await textOf('/lines?id=eq.1', html, written)).toEqual([200, html, '<li>new</li>'])
    const twkb = await ask('/lines', 'application/vnd.twkb')
    expect([twkb.type, twkb.bytes]).toEqual(['application/vnd.TWKB', Buffer.from([251, 252, 253])])
    const head = await ask('/lines', html, { method: 'HEAD' })
    expect([head.status, head.type]).toEqual([200, html])
  })

  it('counts and limits as ever', async () => {
    const { answer, bytes } = await ask('/lines?limit=1&order=id', html, {
      headers: { Prefer: 'count=exact' },
    })
    expect([answer.status, answer.headers.get('content-range'), String(bytes)]).toEqual([
      206,
      '0-0/3',
      '<li>one</li>',
    ])
  })

  it('stands in the place of what is built in, but for the types of PostgREST itself', async () => {
    const { type, bytes, answer } = await ask('/lines?id=eq.1', 'text/csv')
    expect([type, String(bytes)]).toEqual(['text/csv; charset=utf-8', 'id;name\n1;one\n'])
    expect(answer.headers.get('content-disposition')).toBe('attachment')
    const json = 'application/json; charset=utf-8'
    expect(await textOf('/parts', 'application/json')).toEqual([200, json, '{}'])
    expect(await textOf('/parts', 'application/vnd.pgrst.array')).toEqual([200, json, '{}'])
    expect((await textOf('/parts', 'application/vnd.pgrst.array;nulls=stripped'))[2]).toBe('[]')
    expect((await textOf('/lines?id=eq.1', 'application/vnd.pgrst.object+json'))[2]).toBe(
      '{"id":1,"name":"one"}',
    )
  })

  it('is for whole rows, unless it takes rows of any kind', async () => {
    for (const select of ['id', 'id,name', 'name,id', 'id,name,id', '*,parts(id)']) {
      expect(await refusal(`/lines?select=${select}`, html), select).toEqual([406, none(html)])
    }
    expect((await textOf('/lines?id=lt.3&select=name,id&order=id', 'pg/outfunc'))[2]).toBe(
      '(one,1)\n(two,2)\n',
    )
    expect((await textOf('/lines?id=eq.1&select=id,parts(id)', 'pg/outfunc'))[2]).toBe('(1,[])\n')
    expect((await textOf('/rpc/ping', 'pg/outfunc'))[2]).toBe('pong\n')
    expect(await refusal('/parts', html)).toEqual([406, none(html)])
  })

  it('tells its plan', async () => {
    const plan = 'application/vnd.pgrst.plan+json; for="application/vnd.twkb"'
    const { status, type, bytes } = await ask('/lines', plan)
    expect([status, type]).toEqual([
      200,
      `application/vnd.pgrst.plan+json; for="application/vnd.TWKB"; charset=utf-8`,
    ])
    expect(JSON.parse(String(bytes))).toMatchObject([{ Plan: expect.anything() as unknown }])
  })
})

describe('a handler of anything', () => {
  it('answers whatever is asked for, and names and refuses types itself', async () => {
    const bytes = 'application/octet-stream'
    expect(await textOf('/numbers?order=val')).toEqual([200, bytes, '1 2 3 '])
    for (const accept of ['*/*', 'application/json', 'unknown/unknown', 'no type at all']) {
      expect((await ask('/numbers', accept)).type, accept).toBe(bytes)
    }
    expect(await textOf('/numbers?val=eq.2', 'text/xml')).toEqual([200, 'text/xml', '2 '])
    expect((await ask('/numbers', 'text/never')).status).toBe(415)
    expect((await textOf('/numbers?val=eq.2', 'application/vnd.pgrst.object'))[2]).toBe('{"val":2}')
  })
})

describe('a hostile Accept', () => {
  const hostile = {
    'a word': 'undefined',
    'a quote that does not end': 'text/html"; drop table lines; --',
    SQL: `text/html' or 1=1`,
    'a name of JavaScript': '__proto__/constructor',
    'signs alone': ',,;;q=,',
    'a plan of a plan': 'application/vnd.pgrst.plan; for="application/vnd.pgrst.plan"',
    'much of it': 'a'.repeat(4000),
  }
  it.each(Object.entries(hostile))('is refused and reaches no statement: %s', async (_, accept) => {
    const { status, bytes } = await ask('/lines', accept)
    expect([status, JSON.parse(String(bytes))]).toMatchObject([406, { code: 'PGRST107' }])
    expect(await server.sql('select count(*)::int as n from lines')).toEqual([{ n: 3 }])
  })

  it('is told only after what is not there', async () => {
    expect(await refusal('/nowhere', 'image/png')).toMatchObject([404, { code: 'PGRST205' }])
    expect(await refusal('/rpc/nowhere', 'image/png')).toMatchObject([404, { code: 'PGRST202' }])
  })
})

it('a handler that is made later is found at once', async () => {
  await server.sql(`create domain "text/rows" as text`)
  await server.sql(`create function later() returns "text/rows" language sql as $$ select 'here' $$`)
  expect(await textOf('/rpc/later', 'text/rows')).toEqual([200, 'text/rows', 'here'])
})
