import { createClient } from '@supabase/supabase-js'
import { startDevServer, type DevServer } from '@tidemark/dev-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createEntities, draft, postgrestFetcher } from '../entities.js'
import { until } from '../../test/world.js'

let server: DevServer
const ids = ['1', '2', '3'].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [string, string, string]

const sql = `
create table projects (
  id uuid primary key default gen_random_uuid(), owner uuid not null default auth.uid(),
  name text not null check (name <> ''), stage text, version int not null default 1
);
create function bump() returns trigger language plpgsql as $$
begin new.version = old.version + 1; return new; end $$;
create trigger bump before update on projects for each row execute function bump();
alter table projects enable row level security;
create policy own on projects using (owner = auth.uid()) with check (owner = auth.uid());
grant all on projects to authenticated;
create table datalabel (name text, value text, label text, primary key (name, value));
create table settings (key text primary key, value jsonb);
grant select on datalabel, settings to authenticated;
insert into datalabel values ('stage', 'open', 'Open'), ('stage', 'done', 'Done'), ('other', 'x', 'X');
insert into settings values ('currency', '"EUR"');
`

const clientOf = () => createClient(server.url, server.anonKey, { auth: { persistSession: false } })
async function signedIn(email: string) {
  const client = clientOf()
  const { data, error } = await client.auth.signUp({ email, password: 'tidemark-test' })
  if (error || !data.user) throw error ?? new Error('Nobody was signed up.')
  return { client, userId: data.user.id }
}

beforeAll(async () => {
  server = await startDevServer({ port: 0, database: 'temporary' })
  await server.sql(sql)
})
afterAll(() => server.stop())

test('entities are read, listed, written and deleted under the policies of the user', async () => {
  const ada = (await signedIn('ada@example.com')).client
  const fetcher = postgrestFetcher(ada, { tables: { project: 'projects' } })
  for (const [n, id] of ids.entries())
    await fetcher.create('project', { id, name: `P${n + 1}`, stage: n === 1 ? null : 'open' }, {})
  await expect(fetcher.read('project', ids[0], {})).resolves.toMatchObject({ data: { name: 'P1' }, tag: '1' })
  const page = { page: 2, limit: 2, orderBy: '-name' } as const
  await expect(fetcher.list('project', page, {})).resolves.toMatchObject({
    data: { rows: [{ name: 'P1' }], total: 3 },
  })
  const where = (filters: Record<string, any>) => fetcher.list('project', { page: 1, limit: 9, filters }, {})
  await expect(where({ stage: null })).resolves.toMatchObject({ data: { rows: [{ name: 'P2' }], total: 1 } })
  await expect(where({ name: ['P1', 'P3'] })).resolves.toMatchObject({ data: { total: 2 } })
  await expect(fetcher.list('project', { page: 9, limit: 2 }, {})).resolves.toEqual({
    data: { rows: [], total: 3 },
  })
  const changed = await fetcher.update('project', ids[0], { name: 'Quay' }, { tag: '1' })
  expect(changed).toMatchObject({ data: { name: 'Quay', version: 2 }, tag: '2' })
  await expect(fetcher.update('project', ids[0], { name: 'Late' }, { tag: '1' })).rejects.toMatchObject({
    status: 412,
  })
  await expect(fetcher.remove('project', ids[0], { tag: '1' })).rejects.toMatchObject({ status: 412 })
  await fetcher.remove('project', ids[0], { tag: '2' })
  await expect(fetcher.read('project', ids[0], {})).rejects.toMatchObject({ status: 404 })
  const ben = postgrestFetcher((await signedIn('ben@example.com')).client, {
    tables: { project: 'projects' },
  })
  await expect(ben.read('project', ids[1], {})).rejects.toMatchObject({ status: 404 })
  await expect(ben.update('project', ids[1], { name: 'Mine' }, {})).rejects.toMatchObject({ status: 404 })
})

test('reference data are lists, and settings an object', async () => {
  const fetcher = postgrestFetcher((await signedIn('eve@example.com')).client)
  await expect(fetcher.reference({ kind: 'datalabel', name: 'stage' }, {})).resolves.toMatchObject({
    data: [{ value: 'open' }, { value: 'done' }],
  })
  await expect(fetcher.reference({ kind: 'settings' }, {})).resolves.toEqual({ data: { currency: 'EUR' } })
})

test('failures say what becomes of them', async () => {
  await expect(postgrestFetcher(clientOf()).read('projects', ids[0], {})).rejects.toMatchObject({
    kind: 'sign-in',
  })
  const fetcher = postgrestFetcher((await signedIn('kim@example.com')).client)
  await expect(fetcher.create('projects', { name: '' }, {})).rejects.toMatchObject({
    kind: 'refused',
    serverCode: '23514',
  })
})

test('the client’s entities work on it: shown, edited, saved', async () => {
  const { client, userId } = await signedIn('joe@example.com')
  const row = z.object({ id: z.uuid(), name: z.string(), version: z.number() })
  const fetcher = postgrestFetcher(client, { tables: { project: 'projects' } })
  const entities = createEntities({ name: 'pg', types: { project: { row } }, fetcher })
  await entities.start(userId)
  const { id } = await entities.entityMutation('project').create({ name: 'Pier' })
  const project = entities.entity('project', id)
  project.subscribe()
  const edited = draft(entities, 'project', id)
  await edited.start()
  edited.update({ name: 'Long pier' })
  await edited.save()
  await until('it is fresh', () => project.current?.name === 'fresh')
  expect(project.current?.data).toMatchObject({ name: 'Long pier', version: 2 })
  await entities.stop()
})
