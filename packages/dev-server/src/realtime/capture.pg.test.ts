import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { Client as Database, type Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolOf } from '../../test/pool.js'
import { startTestServer, type TestServer } from '../../test/testServer.js'
import { startDevServer, type DevServer } from '../startDevServer.js'
import { createFaults } from '../faults.js'
import { ChangeLog } from './changeLog.js'
import { deliver } from './deliver.js'
import { parseFilters } from './filters.js'
import { Metadata } from './metadata.js'

let server: TestServer
let pool: Pool
const clients: SupabaseClient[] = []

beforeAll(async () => {
  server = await startTestServer(`create table public.notes (id int primary key, body text);
    alter publication supabase_realtime add table public.notes`)
  pool = poolOf(server)
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.removeAllChannels()))
  await pool.end()
  await server.stop()
})

async function until(what: string, check: () => boolean): Promise<void> {
  const end = performance.now() + 8_000
  while (!check()) {
    if (performance.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function listen({ url, anonKey }: DevServer): Promise<unknown[]> {
  const client = createClient(url, anonKey)
  clients.push(client)
  const heard: unknown[] = []
  const channel = client
    .channel('notes')
    .on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, ({ new: row }) =>
      heard.push(row),
    )
  await new Promise<void>((resolve) => void channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()))
  return heard
}

const noted = async () =>
  (await pool.query<{ count: number }>('select count(*)::int as count from realtime._changes')).rows[0]?.count

test('two servers on one database both tell of every change', async () => {
  const second = await startDevServer({ port: 0, database: server.databaseUrl as 'postgres://' })
  try {
    const both = await Promise.all([listen(server), listen(second)])
    await server.sql(`insert into notes select n, 'x' from generate_series(1, 50) n`)
    await until('both have heard', () => both.every((heard) => heard.length === 50))
    expect(both[0]).toEqual(both[1])
  } finally {
    await Promise.all(clients.splice(1).map((client) => client.removeAllChannels()))
    await second.stop()
  }
})

test('a change is read once, whenever its transaction commits, and swept away a while after', async () => {
  const log = new ChangeLog(pool)
  const read = async () => {
    const ids: unknown[] = []
    await log.read(async (changes) => void ids.push(...changes.map(({ record }) => record?.id)))
    return ids
  }
  await log.skip()
  const slow = new Database({ connectionString: server.databaseUrl })
  await slow.connect()
  await slow.query(`begin; insert into notes values (102, 'late')`)
  await server.sql(`insert into notes values (101, 'early')`)
  expect(await read()).toEqual([101])
  expect(await read()).toEqual([])
  for (let sweep = 0; sweep < 5; sweep += 1) await log.sweep()
  await slow.query('commit')
  await slow.end()
  expect(await noted()).toBe(1)
  expect(await read()).toEqual([102])
  for (let sweep = 0; sweep < 3; sweep += 1) await log.sweep()
  expect(await noted()).toBe(1)
  for (let sweep = 0; sweep < 3; sweep += 1) await log.sweep()
  expect(await noted()).toBe(0)
})

test('more changes than a page holds are read in their order', async () => {
  const log = new ChangeLog(pool)
  await log.skip()
  await server.sql(`insert into notes select n, 'x' from generate_series(1001, 3500) n`)
  const pages: number[] = []
  const ids: unknown[] = []
  await log.read(async (changes) => {
    pages.push(changes.length)
    ids.push(...changes.map(({ record }) => record?.id))
  })
  expect(pages).toEqual([1000, 1000, 500])
  expect(ids).toEqual(Array.from({ length: 2500 }, (_, at) => 1001 + at))
})

test('whoever begins to listen while a position is taken is told of what is committed then', async () => {
  const log = new ChangeLog(pool)
  await log.skip()
  await server.sql(`insert into notes values (4001, 'x')`)
  const asked: string[] = []
  const reading = log.read(async (changes) => void asked.push(`${changes.length} read`), {
    wanted: () => asked.push('asked') > 0 && asked[0] === 'listening',
  })
  asked.push('listening')
  await reading
  expect(asked).toEqual(['listening', 'asked', '1 read'])
})

test('a run costs a few queries for each caller, however many changes it has', async () => {
  await server.sql(`create table public.owned (id int primary key, owner uuid);
    alter table public.owned enable row level security;
    create policy own on public.owned using (owner = auth.uid());
    grant select on public.owned to authenticated;
    alter publication supabase_realtime add table public.owned`)
  const counted = poolOf(server)
  let queries = 0
  counted.on('acquire', () => (queries += 1))
  const log = new ChangeLog(pool)
  await log.skip()
  const users = Array.from({ length: 20 }, () => crypto.randomUUID())
  await server.sql('insert into owned select n, ($1::uuid[])[n % 20 + 1] from generate_series(1, 1000) n', [
    users,
  ])
  const heard = new Map<string, number>()
  const subscriptions = users.map((sub, id) => ({
    ...{ id, event: '*', schema: 'public', table: 'owned', select: undefined },
    filters: parseFilters(`owner=eq.${sub}`),
    claims: { role: 'authenticated', sub },
    receiver: () => void heard.set(sub, (heard.get(sub) ?? 0) + 1),
  }))
  const tools = {
    pool: counted,
    metadata: new Metadata(counted),
    faults: createFaults(),
    log: () => undefined,
  }
  await log.read((changes) => deliver(tools, subscriptions, changes))
  await counted.end()
  expect([...heard.values()]).toEqual(users.map(() => 50))
  // The table, its rights, all filters together, and four connections that ask for the callers in turn.
  expect(queries).toBe(7)
})

test('the capture of one database is none of the roles of an app: they cannot read or call it', async () => {
  const client = await pool.connect()
  try {
    for (const role of ['anon', 'authenticated']) {
      for (const sql of ['select * from realtime._changes', 'select realtime._sync_triggers()']) {
        await client.query(`begin; set local role ${role}`)
        await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' })
        await client.query('rollback')
      }
    }
  } finally {
    client.release()
  }
})

test('a table and a schema with odd names are followed, and a dropped one leaves nothing behind', async () => {
  await server.sql(`create schema "Odd ""S"; create table "Odd ""S"."T'able" ("I d" int primary key);
    grant usage on schema "Odd ""S" to anon; grant select on "Odd ""S"."T'able" to anon;
    alter publication supabase_realtime add tables in schema "Odd ""S"`)
  const client = createClient(server.url, server.anonKey)
  clients.push(client)
  const heard: unknown[] = []
  const channel = client
    .channel('odd')
    .on(
      'postgres_changes',
      { event: '*', schema: 'Odd "S', table: `T'able`, filter: 'I d=eq.2' },
      ({ new: row }) => heard.push(row),
    )
  await new Promise<void>((resolve) => void channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()))
  await server.sql(`insert into "Odd ""S"."T'able" values (1), (2)`)
  await until('it is heard', () => heard.length === 1)
  expect(heard).toEqual([{ 'I d': 2 }])
  await server.sql(`drop schema "Odd ""S" cascade`)
  await server.sql(`insert into notes values (9001, 'still')`)
})

test('without a superuser the publication is followed when a socket opens', async () => {
  const name = `modest_${crypto.randomUUID().replaceAll('-', '')}`
  await server.sql(`create role ${name} login createrole bypassrls password 'modest'`)
  await server.sql(`create database ${name} owner ${name}`)
  await server.sql(`grant anon, authenticated, service_role to ${name} with admin option`)
  const url = new URL(server.databaseUrl)
  Object.assign(url, { username: name, password: 'modest', pathname: `/${name}` })
  const own = await startDevServer({ port: 0, database: url.href as 'postgres://' })
  try {
    expect(await own.sql('select current_user::text as me')).toEqual([{ me: name }])
    expect(await own.sql('select evtname from pg_event_trigger')).toEqual([])
    await own.sql(`create table public.notes (id int primary key, body text)`)
    await own.sql('alter publication supabase_realtime add table public.notes')
    const heard = await listen(own)
    await own.sql(`insert into notes values (1, 'heard')`)
    await until('it is heard', () => heard.length === 1)
  } finally {
    await Promise.all(clients.splice(1).map((client) => client.removeAllChannels()))
    await own.stop()
    await server.sql(`drop database ${name} with (force)`)
    await server.sql(`drop owned by ${name}`)
    await server.sql(`drop role ${name}`)
  }
})
