/**
 * A server with tables whose changes are told, for the tests of one file: importing it starts the server.
 */
import { createClient, type RealtimeChannel } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { startTestServer, type Client, type TestServer } from './testServer.js'

export const ada = '00000000-0000-4000-8000-00000000000a'
export const ben = '00000000-0000-4000-8000-00000000000b'

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

export interface Heard {
  readonly eventType: string
  readonly table: string
  readonly new: Record<string, unknown>
  readonly old: Record<string, unknown>
  readonly errors: string[] | null
  readonly commit_timestamp: string
}

export interface Wanted {
  readonly table?: string
  readonly schema?: string
  readonly event?: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly filter?: string
  readonly select?: string[]
  readonly wait?: boolean
}

export let server: TestServer
export const opened: Client[] = []

beforeAll(async () => {
  server = await startTestServer(schema)
})
afterAll(() => server.stop())
afterEach(async () => {
  server.faults.clear()
  await Promise.all(opened.splice(0).map((client) => client.removeAllChannels()))
})

/** A client of the user that `who` names now; undefined: of nobody. */
export function clientOf(who: { user: string | undefined }): Client {
  const client = createClient(server.url, server.anonKey, {
    accessToken: async () => (who.user === undefined ? null : server.token({ sub: who.user })),
  })
  opened.push(client)
  return client
}

/** Joins a channel as somebody, and gathers what it tells. */
export async function listen(user: string | undefined, { event, wait = false, ...wanted }: Wanted = {}) {
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

export const write = (body: string, owner = ada, size: number | null = null) =>
  server.sql<{ id: string }>('insert into notes (owner, body, size) values ($1, $2, $3) returning id', [
    owner,
    body,
    size,
  ])

export const bodies = (heard: readonly Heard[]) => heard.map(({ new: row }) => row.body)
