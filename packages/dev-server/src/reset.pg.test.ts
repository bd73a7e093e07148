import { createClient } from '@supabase/supabase-js'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../test/testServer.js'
import { startDevServer } from './index.js'

const schema = `
  create table public.notes (id int primary key, text text);
  alter publication supabase_realtime add table public.notes;
  insert into public.notes values (1, 'from a migration');
  alter database postgres set app.color = 'blue';
`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema, { database: 'temporary', jwtExpiry: 60 })
})
afterAll(() => server.stop())

const session = () =>
  createClient(server.url, server.anonKey, { auth: { persistSession: false, autoRefreshToken: false } })

describe('reset', () => {
  test('brings rows, structure and settings back to where the migrations had left them', async () => {
    const client = await server.client('service')
    await client.from('notes').insert({ id: 2 })
    await server.sql('alter table public.notes add column more text')
    expect((await client.from('notes').select('more')).error).toBeNull()
    await server.reset()
    expect((await client.from('notes').select()).data).toEqual([{ id: 1, text: 'from a migration' }])
    await server.sql('alter table public.notes add column other text')
    expect((await client.from('notes').select('other')).data).toEqual([{ other: null }])
    const [settings] = await server.sql(
      `select current_setting('app.color') as color, current_setting('search_path') as path`,
    )
    expect(settings).toEqual({ color: 'blue', path: expect.stringContaining('extensions') })
    await server.reset()
  })

  test('puts in its place the copy that was made ahead', async () => {
    await server.reset()
    const spares = () => server.sql(`select oid from pg_database where datname like '%\\_spare'`)
    await expect.poll(spares).toHaveLength(1)
    const ahead = await spares()
    await server.reset()
    const inPlace = `select oid from pg_database where datname = current_database()`
    expect(await server.sql(inPlace)).toEqual(ahead)
  })

  test('has a copy made ahead from the start, and ends whoever is connected', async () => {
    const fresh = await server.copy()
    const others = Array.from({ length: 3 }, () => new Client({ connectionString: fresh.databaseUrl }))
    for (const other of others) await other.on('error', () => undefined).connect()
    const ended = others.map((other) => new Promise<void>((resolve) => other.once('end', resolve)))
    await expect
      .poll(() => fresh.sql(`select from pg_database where datname like 'tidemark\\_copy%\\_spare'`))
      .toHaveLength(1)
    await fresh.reset()
    await Promise.all(ended)
    expect(await fresh.sql('select id from notes')).toEqual([{ id: 1 }])
    await fresh.stop()
  })

  test('a request that is under way is answered first, and one that comes meanwhile waits', async () => {
    await server.sql(
      `create function public.slow() returns int language sql volatile as 'select 1 from pg_sleep(0.2)'`,
    )
    const client = await server.client('service')
    await client.from('notes').select()
    const slow = client.rpc('slow').then(({ data }) => data)
    await expect
      .poll(() =>
        server.sql(
          `select from pg_stat_activity where query like '%"slow"%' and state = 'active' and pid <> pg_backend_pid()`,
        ),
      )
      .toHaveLength(1)
    const resetting = server.reset()
    const [{ data }] = await Promise.all([client.from('notes').select('id'), resetting])
    expect(await slow).toBe(1)
    expect(data).toEqual([{ id: 1 }])
  })

  test('subscribers stay, and hear what is written afterwards and nothing of the reset', async () => {
    const client = await server.client()
    const heard: unknown[] = []
    const states: string[] = []
    const channel = client.channel('notes')
    channel.on(
      'postgres_changes',
      { event: '*', schema: 'public', table: 'notes' },
      ({ eventType, new: row }) => heard.push([eventType, (row as { id?: number }).id]),
    )
    await new Promise<void>((resolve) => channel.subscribe((state) => (states.push(state), resolve())))
    await server.reset()
    await server.sql(`insert into notes values (7, 'after')`)
    await expect.poll(() => heard).toEqual([['INSERT', 7]])
    expect(states).toEqual(['SUBSCRIBED'])
    await client.removeAllChannels()
  })

  test('ends the sessions of users who are gone with it', async () => {
    const { data } = await session().auth.signUp({ email: 'gone@example.com', password: 'secret-secret' })
    await server.reset()
    const refreshed = await session().auth.refreshSession({
      refresh_token: data.session?.refresh_token ?? '',
    })
    expect(refreshed.error).toMatchObject({ code: 'refresh_token_not_found' })
    const again = await session().auth.signUp({ email: 'gone@example.com', password: 'secret-secret' })
    expect(again.error).toBeNull()
  })

  test('can be asked for over HTTP, and is refused for a database that somebody else runs', async () => {
    await server.sql(`insert into notes values (9, 'soon gone')`)
    const asked = await fetch(`${server.url}/__dev/reset`, { method: 'POST' })
    expect(asked.status).toBe(200)
    expect(await server.sql('select id from notes')).toEqual([{ id: 1 }])
    const other = await startDevServer({ port: 0, database: server.databaseUrl as 'postgres://' })
    await expect(other.reset()).rejects.toMatchObject({ code: 'reset-unavailable' })
    await other.stop()
  })
})

describe('copies', () => {
  test('are servers of their own in the migrated state', async () => {
    await server.sql(`insert into notes values (3, 'not migrated')`)
    const copies = await Promise.all([server.copy(), server.copy()])
    await Promise.all(copies.map((copy, at) => copy.sql('insert into notes values ($1)', [100 + at])))
    const found = await Promise.all(copies.map((copy) => copy.sql('select id from notes order by id')))
    expect(found).toEqual([
      [{ id: 1 }, { id: 100 }],
      [{ id: 1 }, { id: 101 }],
    ])
    await copies[0]?.reset()
    expect(await copies[0]?.sql('select id from notes')).toEqual([{ id: 1 }])
    await Promise.all(copies.map((copy) => copy.stop()))
    expect(await server.sql(`select from pg_database where datname like 'tidemark_copy%'`)).toEqual([])
    await server.reset()
  })

  test('are made from another process by the address of the database, and refused for any other', async () => {
    const copy = await startDevServer({ port: 0, database: { copyOf: server.databaseUrl } })
    expect(await copy.sql('select id from notes')).toEqual([{ id: 1 }])
    await copy.stop()
    const elsewhere = new URL(server.databaseUrl)
    elsewhere.port = '1'
    const away = startDevServer({ port: 0, database: { copyOf: elsewhere.href } })
    await expect(away).rejects.toMatchObject({ code: 'database-unreachable' })
  })
})

test('a lasting database goes back to its migrations too, the later ones included', async () => {
  const [migrations, directory] = await Promise.all(
    ['migrations', 'data'].map((name) => mkdtemp(path.join(tmpdir(), `tidemark-${name}-`))),
  )
  if (migrations === undefined || directory === undefined) throw new Error('no directories')
  const options = { port: 0, migrations: [migrations], database: { directory } }
  await writeFile(path.join(migrations, '1_first.sql'), 'create table public.first (id int)')
  const before = await startDevServer(options)
  await before.sql('insert into first values (1)')
  await before.stop()
  await writeFile(path.join(migrations, '2_second.sql'), 'create table public.second (id int)')
  const after = await startDevServer(options)
  await writeFile(path.join(migrations, '3_third.sql'), 'create table public.third (id int)')
  expect(await after.migrate()).toEqual(['3_third.sql'])
  expect(await after.sql('select * from first')).toEqual([{ id: 1 }])
  await after.reset()
  expect(
    await after.sql(
      'select (select count(*) from first) + (select count(*) from second) + (select count(*) from third) as n',
    ),
  ).toEqual([{ n: '0' }])
  await writeFile(path.join(migrations, '4_fourth.sql'), 'create table public.fourth (id int)')
  expect(await after.migrate()).toEqual(['4_fourth.sql'])
  await after.reset()
  expect(await after.sql('select * from fourth')).toEqual([])
  await after.stop()
  await Promise.all([migrations, directory].map((name) => rm(name, { recursive: true })))
})

test('the clock is moved from the outside, and tokens expire by it', async () => {
  const { data } = await session().auth.signUp({ email: 'clock@example.com', password: 'secret-secret' })
  const token = data.session?.access_token
  expect(data.session?.expires_in).toBe(60)
  const expired = async () => (await session().auth.getUser(token)).error?.code
  expect(await expired()).toBeUndefined()
  server.clock.advance(61_000)
  expect(await expired()).toBe('bad_jwt')
  server.clock.reset()
  const moved = await fetch(`${server.url}/__dev/clock`, { method: 'POST', body: '{"advance":61000}' })
  expect(await moved.json()).toEqual({ now: expect.any(Number) })
  expect(await expired()).toBe('bad_jwt')
  expect((await fetch(`${server.url}/__dev/clock`, { method: 'POST', body: '{"advance":"x"}' })).status).toBe(
    400,
  )
  await fetch(`${server.url}/__dev/clock`, { method: 'DELETE' })
  expect(await expired()).toBeUndefined()
})
