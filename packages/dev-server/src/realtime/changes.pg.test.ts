import { createClient, type RealtimeChannel } from '@supabase/supabase-js'
import { Client as Database } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type Client, type TestServer } from '../../test/testServer.js'

const ada = '00000000-0000-4000-8000-00000000000a'
const ben = '00000000-0000-4000-8000-00000000000b'

const schema = `
create table public.notes (id uuid primary key default gen_random_uuid(), owner uuid not null default auth.uid(),
  body text not null, size int8, price numeric, done bool not null default false, tags jsonb,
  at timestamptz not null default now(), kind char(3));
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (owner = auth.uid()) with check (true);
create table public.logs (id int8 primary key, body text, secret text, kept text);
alter table public.logs replica identity full;
revoke all on public.logs from anon, authenticated;
grant select (id, body, kept) on public.logs to anon, authenticated;
create table public.keyless (body text);
create table public.hidden (id int primary key);
create table public.guarded (id int primary key, body text);
alter table public.guarded enable row level security;
alter table public.guarded replica identity full;
create policy everybody on public.guarded using (true);
alter publication supabase_realtime add table public.notes, public.logs, public.keyless, public.guarded;
`

interface Heard {
  readonly eventType: string
  readonly table: string
  readonly new: Record<string, unknown>
  readonly old: Record<string, unknown>
  readonly errors: string[] | null
  readonly commit_timestamp: string
}

interface Wanted {
  readonly table?: string
  readonly schema?: string
  readonly event?: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly filter?: string
  readonly select?: string[]
  readonly wait?: boolean
}

let server: TestServer
const opened: Client[] = []

beforeAll(async () => {
  server = await startTestServer(schema)
})
afterAll(() => server.stop())
afterEach(async () => {
  server.faults.clear()
  await Promise.all(opened.splice(0).map((client) => client.removeAllChannels()))
})

async function until(what: string, check: () => boolean): Promise<void> {
  const end = performance.now() + 8_000
  while (!check()) {
    if (performance.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Long enough for everything that is going to be delivered. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 150))

/** A client of the user that `who` names now; undefined: of nobody. */
function clientOf(who: { user: string | undefined }): Client {
  const client = createClient(server.url, server.anonKey, {
    accessToken: async () => (who.user === undefined ? null : server.token({ sub: who.user })),
  })
  opened.push(client)
  return client
}

/** Joins a channel as somebody, and gathers what it tells. */
async function listen(user: string | undefined, { event, wait = false, ...wanted }: Wanted = {}) {
  const who = { user }
  const client = clientOf(who)
  await client.realtime.setAuth()
  const [heard, states, system]: [Heard[], [string, string | undefined][], Record<string, unknown>[]] = [
    [],
    [],
    [],
  ]
  const binding = { event: event ?? '*', schema: 'public', table: 'notes', ...wanted }
  const channel: RealtimeChannel = client
    .channel(crypto.randomUUID(), { config: { postgres_changes_options: { wait } } })
    .on('postgres_changes', binding as never, (change) => heard.push(change as unknown as Heard))
    .on('system', {}, (message) => system.push(message as Record<string, unknown>))
  await new Promise<void>((resolve) => {
    channel.subscribe((state, error) => {
      states.push([state, error?.message])
      resolve()
    })
  })
  return { who, client, channel, heard, states, system }
}

const write = (body: string, owner = ada, size: number | null = null) =>
  server.sql<{ id: string }>('insert into notes (owner, body, size) values ($1, $2, $3) returning id', [
    owner,
    body,
    size,
  ])

const bodies = (heard: readonly Heard[]) => heard.map(({ new: row }) => row.body)

describe('who hears what', () => {
  test('each subscriber hears of the rows that the policies show to them', async () => {
    const [atAda, atBen, atNobody] = [await listen(ada), await listen(ben), await listen(undefined)]
    await write('for Ada', ada)
    await write('for Ben', ben)
    await until('both have heard', () => atAda.heard.length + atBen.heard.length === 2)
    await quiet()
    expect(bodies(atAda.heard)).toEqual(['for Ada'])
    expect(bodies(atBen.heard)).toEqual(['for Ben'])
    expect(atNobody.heard).toEqual([])
  })

  test('a row that passes to another owner is told to the new one', async () => {
    const [atAda, atBen] = [await listen(ada), await listen(ben)]
    const [{ id = '' } = {}] = await write('moves', ada)
    await until('Ada has heard', () => atAda.heard.length === 1)
    await server.sql('update notes set owner = $1 where id = $2', [ben, id])
    await until('Ben has heard', () => atBen.heard.length === 1)
    await quiet()
    expect(atBen.heard[0]).toMatchObject({ eventType: 'UPDATE', new: { id, owner: ben }, old: { id } })
    expect(atAda.heard).toHaveLength(1)
  })

  test('a deletion is told to everybody, with the key alone', async () => {
    const [{ id = '' } = {}] = await write('goes', ada)
    const atBen = await listen(ben, { event: 'DELETE' })
    await server.sql('delete from notes where id = $1', [id])
    await until('Ben has heard', () => atBen.heard.length === 1)
    expect(atBen.heard[0]).toMatchObject({ eventType: 'DELETE', old: { id } })
    expect(Object.keys(atBen.heard[0]?.old ?? {})).toEqual(['id'])
  })

  test('a row that is gone before it could be told of is not told of', async () => {
    const { heard } = await listen(ada, { event: 'INSERT' })
    await server.sql(`do $$ begin
      insert into notes (owner, body) values ('${ada}', 'brief');
      delete from notes where body = 'brief';
    end $$`)
    await write('stays')
    await until('the other is heard', () => bodies(heard).includes('stays'))
    expect(bodies(heard)).toEqual(['stays'])
  })

  test('the service hears of all rows', async () => {
    const client = await server.client('service')
    opened.push(client)
    const heard: unknown[] = []
    await client.realtime.setAuth(server.serviceRoleKey)
    const channel = client.channel('all')
    channel.on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, (change) =>
      heard.push(change),
    )
    await new Promise<void>(
      (resolve) => void channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()),
    )
    await write('1', ada)
    await write('2', ben)
    await until('both are heard', () => heard.length === 2)
  })

  test('a new token changes whose eyes the channel has, without a new join', async () => {
    const { who, client, heard, system, states } = await listen(ada)
    await until('it is subscribed', () => system.length === 1)
    who.user = ben
    await client.realtime.setAuth()
    await until('it is subscribed again', () => system.length === 2)
    await write('no longer', ada)
    await write('now', ben)
    await until('it is heard', () => heard.length === 1)
    expect(bodies(heard)).toEqual(['now'])
    expect(states).toEqual([['SUBSCRIBED', undefined]])
  })
})

describe('what is heard', () => {
  test('values have their types, the digits of large numbers and the microseconds', async () => {
    const { client, channel } = await listen(ada)
    const frames: string[] = []
    const connection =
      (client.realtime as any).socketAdapter?.getSocket?.().conn ?? (client.realtime as any).conn
    connection.addEventListener('message', ({ data }: { data: unknown }) => frames.push(String(data)))
    await server.sql(`insert into notes (owner, body, size, price, done, tags, at)
      values ('${ada}', 'typed', 9007199254740993, 12345678901234567.89, true, '{"a":[1,null]}',
        '2026-01-02 03:04:05.123456+02')`)
    await until('the frame is there', () => frames.some((frame) => frame.includes('typed')))
    const frame = frames.find((one) => one.includes('typed')) ?? ''
    expect(frame).toContain('"size":9007199254740993,')
    expect(frame).toContain('"price":12345678901234567.89,')
    expect(frame).toContain('"done":true')
    expect(frame).toMatch(/"tags":\{"a":\s?\[1,\s?null\]\}/)
    expect(frame).toContain('2026-01-02T01:04:05.123456+00:00')
    expect(frame).toContain('{"name":"size","type":"int8"}')
    await channel.unsubscribe()
  })

  test('a key beyond the numbers of JavaScript still finds its row under the policies', async () => {
    await server.sql(`create table public.large (id int8 primary key, owner uuid);
      alter table public.large enable row level security;
      create policy own on public.large using (owner = auth.uid());
      alter publication supabase_realtime add table public.large`)
    const { heard } = await listen(ada, { table: 'large' })
    await server.sql(`insert into large values (9007199254740992, '${ben}'), (9007199254740993, '${ada}')`)
    await until('it is heard', () => heard.length > 0)
    await quiet()
    expect(heard).toHaveLength(1)
    expect(heard[0]?.new.owner).toBe(ada)
  })

  test('only columns that the role may select are told, of old rows too', async () => {
    const { heard } = await listen(ada, { table: 'logs' })
    await server.sql(`insert into logs values (1, 'a', 'secret', 'k')`)
    await server.sql(`update logs set body = 'b' where id = 1`)
    await server.sql('delete from logs where id = 1')
    await until('all are heard', () => heard.length === 3)
    expect(heard.map((one) => [one.eventType, one.new, one.old])).toEqual([
      ['INSERT', { id: 1, body: 'a', kept: 'k' }, {}],
      ['UPDATE', { id: 1, body: 'b', kept: 'k' }, { id: 1, body: 'a', kept: 'k' }],
      ['DELETE', {}, { id: 1, body: 'b', kept: 'k' }],
    ])
  })

  test('of a deleted row that policies guarded the key alone is told, even with REPLICA IDENTITY FULL', async () => {
    const { heard } = await listen(ada, { table: 'guarded' })
    await server.sql(`insert into guarded values (1, 'x')`)
    await until('the new row is heard of', () => heard.length === 1)
    await server.sql('delete from guarded')
    await until('both are heard', () => heard.length === 2)
    expect(heard[1]?.old).toEqual({ id: 1 })
  })

  test('select leaves the chosen columns and the key', async () => {
    const { heard } = await listen(ada, { select: ['body'] })
    const [{ id = '' } = {}] = await write('chosen')
    await until('it is heard', () => heard.length === 1)
    expect(heard[0]?.new).toEqual({ id, body: 'chosen' })
  })

  test('a table without a key, and one whose key may not be read, are told of without their rows', async () => {
    await server.sql(`create table public.sealed (id int primary key, body text);
      revoke all on public.sealed from anon, authenticated;
      grant select (body) on public.sealed to authenticated;
      alter publication supabase_realtime add table public.sealed`)
    const [keyless, sealed] = [
      await listen(ada, { table: 'keyless' }),
      await listen(ada, { table: 'sealed' }),
    ]
    await server.sql(`insert into keyless values ('x')`)
    await server.sql(`insert into sealed values (1, 'x')`)
    await until('both are heard', () => keyless.heard.length + sealed.heard.length === 2)
    expect(keyless.heard[0]).toMatchObject({ new: {}, errors: ['Error 400: Bad Request, no primary key'] })
    expect(sealed.heard[0]).toMatchObject({ new: {}, errors: ['Error 401: Unauthorized'] })
  })

  test('a row of more than a mebibyte is told of without its large values', async () => {
    const { heard } = await listen(ada)
    await write('x'.repeat(1_100_000), ada, 7)
    await until('it is heard', () => heard.length === 1)
    expect(heard[0]).toMatchObject({ new: { size: 7 }, errors: ['Error 413: Payload Too Large'] })
    expect(heard[0]?.new).not.toHaveProperty('body')
  })
})

describe('filters', () => {
  test('a row that leaves the filter is not told of, nor is one that never was in it', async () => {
    const { heard } = await listen(ada, { filter: 'size=gt.10' })
    await write('small', ada, 1)
    const [{ id = '' } = {}] = await write('large', ada, 11)
    await server.sql('update notes set size = 12 where id = $1', [id])
    await server.sql('update notes set size = 2 where id = $1', [id])
    await until('two are heard', () => heard.length === 2)
    await quiet()
    expect(heard.map(({ eventType, new: row }) => [eventType, row.size])).toEqual([
      ['INSERT', 11],
      ['UPDATE', 12],
    ])
  })

  test.each([
    ['body=eq.beta', ['beta']],
    ['body=neq.beta', ['alpha', 'gamma, delta']],
    ['size=lt.2', ['alpha']],
    ['size=lte.2', ['alpha', 'beta']],
    ['size=gte.10', ['gamma, delta']],
    ['size=in.(1,10)', ['alpha', 'gamma, delta']],
    ['body=in.(alpha,"gamma, delta")', ['alpha', 'gamma, delta']],
    ['body=like."%a, d%"', ['gamma, delta']],
    ['body=ilike.BE%', ['beta']],
    ['body=match.^(al|be)', ['alpha', 'beta']],
    ['body=imatch.^AL', ['alpha']],
    ['price=is.null', ['beta', 'gamma, delta']],
    ['price=not.is.null', ['alpha']],
    ['done=is.true', ['beta']],
    ['price=isdistinct.1', ['beta', 'gamma, delta']],
    ['body=not.eq.beta', ['alpha', 'gamma, delta']],
    ['price=neq.2', ['alpha']],
    ['kind=eq.abc', ['alpha']],
    ['size=gt.1,done=is.false', ['gamma, delta']],
  ])('%s chooses as Postgres does', async (filter, expected) => {
    const { heard } = await listen(ada, { event: 'INSERT', filter })
    const all = await listen(ada, { event: 'INSERT' })
    await server.sql(`insert into notes (owner, body, size, price, done, kind) values
      ('${ada}', 'alpha', 1, 1, false, 'abc'), ('${ada}', 'beta', 2, null, true, null),
      ('${ada}', 'gamma, delta', 10, null, false, null)`)
    await until('all are heard', () => all.heard.length === 3 && heard.length === expected.length)
    expect(bodies(heard)).toEqual(expected)
  })

  test('a deletion is chosen by its key, and by other columns only with REPLICA IDENTITY FULL', async () => {
    const byBody = await listen(ada, { event: 'DELETE', filter: 'body=isdistinct.x' })
    const byOld = await listen(ada, { event: 'DELETE', table: 'logs', filter: 'body=eq.a' })
    const [{ id = '' } = {}] = await write('goes')
    const byKey = await listen(ada, { event: 'DELETE', filter: `id=eq.${id}` })
    await server.sql('delete from notes')
    await server.sql(`insert into logs values (1, 'a'), (2, 'b')`)
    await server.sql('delete from logs')
    await until('those are heard', () => byKey.heard.length === 1 && byOld.heard.length === 1)
    await quiet()
    expect(byBody.heard).toEqual([])
    expect(byOld.heard.map(({ old }) => old.id)).toEqual([1])
  })

  test.each([
    ['malformed', { filter: 'nonsense' }, /parsing filter/],
    ['an unknown column', { filter: 'nowhere=eq.1' }, /invalid column for filter nowhere/],
    [
      'a column that may not be read',
      { table: 'logs', filter: 'secret=eq.1' },
      /invalid column for filter secret/,
    ],
    ['a value of another type', { filter: 'size=eq.many' }, /invalid input syntax for type bigint/],
    ['a broken pattern', { filter: 'body=match.(' }, /invalid regular expression/],
    ['true of no boolean', { filter: 'size=is.true' }, /needs a boolean column/],
    ['an unknown column chosen', { select: ['nowhere'] }, /invalid column for select nowhere/],
    ['a table that is not published', { table: 'hidden' }, /check Realtime is enabled/],
    ['a table that is not there', { table: 'nowhere' }, /check Realtime is enabled/],
    ['an empty schema', { schema: 'extensions', table: '*' }, /check Realtime is enabled/],
  ])('%s is told of after the join, and refuses a join that waits', async (_, wanted, message) => {
    const joined = await listen(ada, wanted)
    expect(joined.states).toEqual([['SUBSCRIBED', undefined]])
    await until('it is told', () => joined.system.length > 0)
    expect(joined.system[0]).toMatchObject({ extension: 'postgres_changes', status: 'error' })
    expect(joined.system[0]?.message).toMatch(message)
    const refused = await listen(ada, { ...wanted, wait: true })
    expect(refused.states[0]?.[0]).toBe('CHANNEL_ERROR')
    expect(refused.states[0]?.[1]).toMatch(/RealtimeDisabledForConfiguration: /)
    expect(refused.states[0]?.[1]).toMatch(message)
    await write('others hear on')
  })

  test('a subscription that comes to nothing does not keep others from hearing', async () => {
    await server.sql('alter table notes add column passing int')
    const doomed = await listen(ada, { filter: 'passing=eq.1' })
    const healthy = await listen(ada, { filter: 'body=eq.still heard' })
    await server.sql('alter table notes drop column passing')
    await write('still heard')
    await until('it is heard', () => healthy.heard.length === 1)
    expect(doomed.heard).toEqual([])
  })
})

describe('the publication', () => {
  test('a table is heard of from when it is added to when it is taken out', async () => {
    await server.sql('create table public.late (id int primary key)')
    const early = await listen(ada, { table: 'late' })
    await until('its absence is told', () => early.system[0]?.status === 'error')
    await server.sql('alter publication supabase_realtime add table public.late')
    const { heard } = await listen(ada, { table: 'late' })
    await server.sql('insert into late values (1)')
    await until('it is heard', () => heard.length === 1)
    await until('the early one is subscribed by itself', () => early.system.at(-1)?.status === 'ok')
    await server.sql('alter publication supabase_realtime drop table public.late')
    await server.sql('insert into late values (2)')
    await quiet()
    expect(heard).toHaveLength(1)
    await server.sql('drop table public.late')
  })

  test('all tables of a schema can be heard of with one binding', async () => {
    const { heard } = await listen(ada, { table: '*' })
    await server.sql(`insert into logs values (5, 'a')`)
    await write('and this')
    await until('both are heard', () => heard.length === 2)
    expect(heard.map(({ table }) => table)).toEqual(['logs', 'notes'])
    await server.sql('delete from logs')
  })

  test('two bindings of one channel that a change answers hear it once each', async () => {
    const { client } = await listen(ada)
    const counts = { all: 0, inserts: 0 }
    const channel = client
      .channel('two')
      .on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, () => (counts.all += 1))
      .on(
        'postgres_changes',
        { event: 'INSERT', schema: 'public', table: 'notes' },
        () => (counts.inserts += 1),
      )
    await new Promise<void>(
      (resolve) => void channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()),
    )
    await write('once')
    await until('both have heard', () => counts.all > 0 && counts.inserts > 0)
    await quiet()
    expect(counts).toEqual({ all: 1, inserts: 1 })
  })
})

describe('transactions', () => {
  const connect = async () => {
    const database = new Database({ connectionString: server.databaseUrl })
    await database.connect()
    return database
  }

  test('what is rolled back is not told of, nor is what a savepoint took back', async () => {
    const { heard } = await listen(ada)
    const database = await connect()
    await database.query(`begin; insert into notes (owner, body) values ('${ada}', 'gone'); rollback`)
    await database.query(`begin; insert into notes (owner, body) values ('${ada}', 'kept'); savepoint s;
      insert into notes (owner, body) values ('${ada}', 'taken back'); rollback to s; commit`)
    await database.end()
    await until('one is heard', () => heard.length > 0)
    await quiet()
    expect(bodies(heard)).toEqual(['kept'])
  })

  test('a transaction that commits late is told of then, and keeps nobody waiting', async () => {
    const { heard } = await listen(ada)
    const slow = await connect()
    await slow.query('begin')
    await slow.query('insert into notes (owner, body) values ($1, $2)', [ada, 'late'])
    await write('early')
    await until('the early one is heard', () => bodies(heard).includes('early'))
    await write('between')
    await until('the next one is heard', () => bodies(heard).includes('between'))
    expect(bodies(heard)).toEqual(['early', 'between'])
    await slow.query('commit')
    await slow.end()
    await until('the late one is heard', () => heard.length === 3)
    await write('after')
    await until('the last one is heard', () => heard.length === 4)
    expect(bodies(heard)).toEqual(['early', 'between', 'late', 'after'])
  })

  test('many writers at once are heard of completely, each once, each row in its order', async () => {
    const { heard } = await listen(ada)
    const writers = await Promise.all(Array.from({ length: 6 }, connect))
    const writing = writers.map(async (database, writer) => {
      for (let turn = 0; turn < 15; turn += 1) {
        await database.query('begin')
        const { rows } = await database.query<{ id: string }>(
          'insert into notes (owner, body, size) values ($1, $2, 0) returning id',
          [ada, `${writer}.${turn}`],
        )
        await new Promise((resolve) => setTimeout(resolve, (writer * 7 + turn * 3) % 20))
        await database.query('commit')
        await database.query('update notes set size = 1 where id = $1', [rows[0]?.id])
      }
      await database.end()
    })
    await Promise.all(writing)
    await until('all are heard', () => heard.length >= 180)
    await quiet()
    expect(heard).toHaveLength(180)
    const kinds = new Map<unknown, string[]>()
    for (const { eventType, new: row } of heard)
      kinds.set(row.body, [...(kinds.get(row.body) ?? []), eventType])
    expect(kinds.size).toBe(90)
    for (const own of kinds.values()) expect(own).toEqual(['INSERT', 'UPDATE'])
  })

  test('a thousand rows of one statement reach two listeners completely and in their order', async () => {
    const [atAda, atBen] = [await listen(ada), await listen(ben)]
    await server.sql(`insert into notes (owner, body, size)
      select case when n % 2 = 0 then '${ada}'::uuid else '${ben}' end, 'bulk', n from generate_series(1, 1200) n`)
    await until('all are heard', () => atAda.heard.length === 600 && atBen.heard.length === 600)
    expect(atAda.heard.map(({ new: row }) => row.size)).toEqual(
      Array.from({ length: 600 }, (_, n) => n * 2 + 2),
    )
  })

  test('a change is heard of soon after its commit', async () => {
    const { heard } = await listen(ada)
    const delays: number[] = []
    for (let turn = 0; turn < 21; turn += 1) {
      await write(`n${turn}`)
      const committed = performance.now()
      await until('it is heard', () => heard.length > turn)
      delays.push(performance.now() - committed)
    }
    const median = delays.sort((a, b) => a - b)[10] ?? Infinity
    expect(median).toBeLessThan(60)
  })
})

describe('what goes wrong', () => {
  test('after dropped sockets the client joins again by itself and hears what comes then', async () => {
    const { heard, states } = await listen(ada)
    server.faults.dropSockets()
    const joins = () => states.filter(([state]) => state === 'SUBSCRIBED').length
    await until('it has joined again', () => joins() === 2)
    await write('after')
    await until('it is heard', () => heard.length === 1)
  })

  test('a lost connection to the database loses no change', async () => {
    const { heard } = await listen(ada)
    const ended = await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'listen tidemark_realtime' and datname = current_database()`)
    expect(ended).toHaveLength(1)
    await write('meanwhile')
    await until('it is heard', () => heard.length === 1)
  })

  test('events are missed and repeated as the faults have it', async () => {
    const { heard } = await listen(ada)
    server.faults.set({ missEvents: 1 })
    await write('missed')
    await quiet()
    server.faults.set({ repeatEvents: 1 })
    await write('twice')
    await until('it is heard', () => heard.length === 2)
    expect(bodies(heard)).toEqual(['twice', 'twice'])
  })

  test('a policy that fails shows nothing and keeps nothing from others', async () => {
    await server.sql(`create table public.broken (id int primary key);
      alter table public.broken enable row level security;
      create policy bad on public.broken using ((1 / (id - id)) = 1);
      alter publication supabase_realtime add table public.broken`)
    const [broken, healthy] = [await listen(ada, { table: 'broken' }), await listen(ada)]
    await server.sql('insert into broken values (1)')
    await write('heard')
    await until('it is heard', () => healthy.heard.length === 1)
    expect(broken.heard).toEqual([])
  })
})
