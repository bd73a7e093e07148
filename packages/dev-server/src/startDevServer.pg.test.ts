import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../test/testServer.js'
import { startDevServer } from './index.js'

let running: TestServer | undefined
let other: Server | undefined
afterEach(async () => {
  await running?.stop()
  other?.close()
  running = other = undefined
})

describe('the server', () => {
  it('has what every Supabase database has, and an ordinary migration runs on it unchanged', async () => {
    running = await startTestServer(`
      create extension if not exists "uuid-ossp" with schema extensions;
      create extension if not exists moddatetime schema extensions;
      create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, name text);
      alter table public.profiles enable row level security;
      create policy "own" on public.profiles for all to authenticated using ((select auth.uid()) = id);
      create function public.handle_new_user() returns trigger language plpgsql security definer set search_path = '' as $$
        begin insert into public.profiles (id, name) values (new.id, new.raw_user_meta_data ->> 'name'); return new; end $$;
      create trigger on_auth_user_created after insert on auth.users
        for each row execute procedure public.handle_new_user();
      create table public.files (id uuid primary key default uuid_generate_v4(), digest text default encode(digest('a', 'sha256'), 'hex'));
      alter publication supabase_realtime add table public.profiles;
      grant select on public.files to authenticated;
      notify pgrst, 'reload schema';
    `)
    await running.sql(
      `insert into auth.users (id, email, raw_user_meta_data) values (gen_random_uuid(), 'a@b.c', '{"name": "A"}')`,
    )
    expect(await running.sql('select name from profiles')).toEqual([{ name: 'A' }])
    const roles = await running.sql(
      `select rolname, rolbypassrls from pg_roles where rolname in ('anon', 'authenticated', 'service_role') order by 1`,
    )
    expect(roles.map(({ rolbypassrls }) => rolbypassrls)).toEqual([false, false, true])
  })

  it('serves a database by its URL, and finds there what an earlier server left', async () => {
    running = await startTestServer('create table public.notes (id int); insert into notes values (1)')
    const { databaseUrl } = running
    const again = await startDevServer({ port: 0, database: databaseUrl as 'postgres://' })
    expect(await again.sql('select id from notes')).toEqual([{ id: 1 }])
    await again.stop()
  })

  it('says so when its port is taken, and leaves no database behind', async () => {
    other = createServer()
    await new Promise<void>((resolve) => other?.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const starting = startDevServer({ port })
    await expect(starting).rejects.toMatchObject({ code: 'port-in-use' })
    await expect(starting).rejects.toThrow(`127.0.0.1:${String(port)}`)
  })

  it('keeps no connection to a database by URL when it cannot start', async () => {
    running = await startTestServer('select 1')
    const connections = () =>
      running?.sql('select pid from pg_stat_activity where datname = current_database() order by pid') ?? []
    const before = await connections()
    const database = running.databaseUrl as 'postgres://'
    const port = Number(new URL(running.url).port)
    await expect(startDevServer({ port, database })).rejects.toMatchObject({ code: 'port-in-use' })
    await expect.poll(connections).toEqual(before)
  })

  it('refuses another host, production, a wrong port and a short secret before it starts anything', async () => {
    await expect(startDevServer({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'host-refused' })
    await expect(startDevServer({ host: '::' })).rejects.toMatchObject({ code: 'host-refused' })
    await expect(startDevServer({ port: 99_999 })).rejects.toMatchObject({ code: 'option-invalid' })
    await expect(startDevServer({ jwtSecret: 'short' })).rejects.toMatchObject({ code: 'secret-too-short' })
    const environment = process.env.NODE_ENV
    process.env.NODE_ENV = 'production'
    try {
      await expect(startDevServer()).rejects.toMatchObject({ code: 'production-refused' })
    } finally {
      process.env.NODE_ENV = environment
    }
  })

  it('says what is wrong with a database it cannot use, and never its password', async () => {
    const away = startDevServer({ port: 0, database: 'postgres://me:secret-word@127.0.0.1:1/none' })
    await expect(away).rejects.toMatchObject({ code: 'database-unreachable' })
    await expect(away).rejects.not.toThrow('secret-word')
    await expect(startDevServer({ database: 'mysql://x' as 'postgres://' })).rejects.toMatchObject({
      code: 'option-invalid',
    })
  })

  it('names what a database user may not do', async () => {
    running = await startTestServer('select 1')
    await running.sql(
      `do $$ begin create role limited login password 'limited'; exception when duplicate_object then null; end $$`,
    )
    await running.sql('create database plain')
    try {
      const url = new URL(running.databaseUrl)
      Object.assign(url, { username: 'limited', password: 'limited', pathname: '/plain' })
      const starting = startDevServer({ port: 0, database: url.href as 'postgres://' })
      await expect(starting).rejects.toMatchObject({ code: 'privilege-missing' })
    } finally {
      await running.sql('drop database plain')
      await running.sql('drop role limited')
    }
  })

  it('may be stopped while it still makes ahead what a reset would need', async () => {
    const server = await startDevServer({ port: 0 })
    await server.stop()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  it('ends every connection when it stops', async () => {
    const server = await startTestServer('select 1')
    const held = new pg.Client({ connectionString: server.databaseUrl })
    held.on('error', () => undefined)
    await held.connect()
    await server.stop()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
    await held.end()
  })
})
