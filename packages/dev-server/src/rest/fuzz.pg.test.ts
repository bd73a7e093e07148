import fc from 'fast-check'
import { connect } from 'node:net'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostileName } from '../../test/catalog.js'
import { hostileRequest } from '../../test/hostileRequests.js'
import { poolOf } from '../../test/pool.js'
import { startTestServer, type TestServer } from '../../test/testServer.js'
import type { Reply, Service } from '../context.js'
import { createTokens } from '../tokens.js'
import { createRest } from './createRest.js'

const hostile = `"${hostileName.replaceAll('"', '""')}"`
const schema = `
create table public.films (id int primary key, title text, data jsonb);
create table public.actors (id int primary key, title text, film_id int references films);
create table public.roles (film_id int references films, actor_id int references actors, primary key (film_id, actor_id));
create table public.${hostile} (${hostile} int primary key, id int references films);
create table public.canary (id int primary key);
revoke all on canary from anon, authenticated, service_role;
create function echo(jsonb) returns jsonb language sql as 'select $1';
create function films_of(title text) returns setof films language sql as 'select * from films where films.title = $1';
create function say(${hostile} text, id int) returns text language sql as 'select $1';
create function many(variadic title text[]) returns text language sql as 'select title[1]';
insert into films values (1, 'films', '{"id": 1}'), (2, null, null);
insert into actors values (1, 'actors', 1), (2, 'x', null);
insert into roles values (1, 1);
insert into canary values (1);
`

let server: TestServer
let pool: Pool
let rest: Service
beforeAll(async () => {
  server = await startTestServer(schema)
  pool = poolOf(server, { max: 2 })
  const tokens = createTokens(server.jwtSecret, Date.now)
  const context = { pool, databaseUrl: server.databaseUrl, tokens, clock: Date.now, log: () => undefined }
  rest = await createRest(context, { allowsAggregates: true, allowsPlans: true })
})
afterAll(async () => {
  await pool.end()
  await server.stop()
})

/** What PostgreSQL calls an error of syntax although the statement is right: an empty name, and the question of a text search. */
const notOfStatements = /zero-length delimited identifier|syntax error in tsquery|no operand in tsquery/

function requireAnswer({ status, body = '' }: Reply): void {
  expect(status).toBeGreaterThanOrEqual(200)
  expect(status).toBeLessThan(500)
  if (status < 400) return
  const { code, message } = JSON.parse(String(body)) as { code: string; message: string }
  expect(code).toMatch(/^(?:PGRST\d{3}|[0-9A-Z]{5})$/)
  if (code === '42601') expect(message).toMatch(notOfStatements)
}

describe('whatever a request says', () => {
  it('is answered as PostgREST would, runs no SQL of its own, and does no harm', async () => {
    const before = await server.sql('select count(*) from pg_class')
    const statuses = new Map<number, number>()
    const property = fc.asyncProperty(hostileRequest, async (request) => {
      const reply = await rest(request)
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
      requireAnswer(reply)
    })
    await fc.assert(property, { numRuns: 1_500 })
    expect(statuses.get(200)).toBeGreaterThan(100)
    expect(await server.sql('select id from canary')).toEqual([{ id: 1 }])
    expect(await server.sql('select count(*) from pg_class')).toEqual(before)
    const { body } = await rest({
      method: 'GET',
      url: new URL('http://127.0.0.1/canary'),
      headers: {},
      body: Buffer.of(),
    })
    expect(JSON.parse(String(body))).toMatchObject({ code: '42501' })
  })

  it('is answered over HTTP too, however broken it is', async () => {
    const heads = [
      'GET /rest/v1/%E0%A4%A HTTP/1.1',
      'GET /rest/v1/films?select=%ff%fe&%zz=eq.%0 HTTP/1.1',
      `GET /rest/v1/films?or=${'('.repeat(5000)} HTTP/1.1`,
      `GET /rest/v1/films?select=${'films('.repeat(2000)} HTTP/1.1`,
      'GET /rest/v1/films HTTP/1.1\r\nAccept: ;;;=,"\r\nPrefer: ,,=,timezone',
      'POST /rest/v1/films HTTP/1.1\r\nContent-Type: \u00ff\r\nContent-Length: 2\r\n\r\n{"',
      'PATCH /rest/v1/films?id=eq.1 HTTP/1.1\r\nContent-Length: 0\r\nRange: 9-1',
      'GET /rest/v1/films HTTP/1.1\r\nAuthorization: Bearer ...\r\n',
      'BREW /rest/v1/films HTTP/1.1',
    ]
    for (const head of heads) expect(await firstLine(head), head).toMatch(/^HTTP\/1\.1 (?:200|4\d\d) /)
    expect(await firstLine('GET /rest/v1/films HTTP/1.1')).toBe('HTTP/1.1 200 OK')
  })
})

/** What the server says first to something that is sent as it is. */
function firstLine(head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.on('error', reject)
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.write(head.includes('\r\n\r\n') ? head : `${head}\r\nHost: x\r\nConnection: close\r\n\r\n`)
  })
}
