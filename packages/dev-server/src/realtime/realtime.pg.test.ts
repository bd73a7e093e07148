import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDevServer, type DevServer } from '../startDevServer.js'
import { createTokens } from '../tokens.js'

let server: DevServer
/** How far the server's clock is ahead, in ms. */
let ahead = 0
const clients: SupabaseClient[] = []

const client = (): SupabaseClient => {
  const made = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  clients.push(made)
  return made
}

async function signedUp(name: string) {
  const supabase = client()
  const { data, error } = await supabase.auth.signUp({
    email: `${name}@example.com`,
    password: 'secret-secret',
  })
  if (error || !data.user) throw error ?? new Error('no user')
  return { supabase, id: data.user.id }
}

/** Joins a channel for a table, and gathers what it tells. */
async function listening(supabase: SupabaseClient, filter?: string) {
  const heard: { eventType: string; new: Record<string, unknown>; old: Record<string, unknown> }[] = []
  const states: string[] = []
  await supabase.realtime.setAuth()
  const channel = supabase
    .channel(`notes-${crypto.randomUUID()}`)
    .on(
      'postgres_changes',
      { event: '*', schema: 'public', table: 'notes', ...(filter !== undefined && { filter }) },
      (change) => heard.push(change as never),
    )
  await new Promise<void>((resolve) => {
    channel.subscribe((state) => {
      states.push(state)
      if (state === 'SUBSCRIBED') resolve()
    })
  })
  return { heard, states, channel }
}

async function until(what: string, check: () => boolean): Promise<void> {
  const end = Date.now() + 5_000
  while (!check()) {
    if (Date.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

beforeAll(async () => {
  server = await startDevServer({ port: 0, database: 'temporary', clock: () => Date.now() + ahead })
  await server.sql(`
    create table public.notes (id uuid primary key default gen_random_uuid(), user_id uuid not null default auth.uid(),
      body text not null, size int8, tags jsonb);
    alter table public.notes enable row level security;
    create policy own on public.notes to authenticated using (user_id = auth.uid()) with check (true);
    alter publication supabase_realtime add table public.notes;`)
})
afterAll(async () => {
  await Promise.all(clients.map((one) => one.removeAllChannels()))
  await server.stop()
})

test('each subscriber hears only of rows that the policies show, with real values', async () => {
  const [ada, ben] = [await signedUp('ada1'), await signedUp('ben1')]
  const [atAda, atBen] = [await listening(ada.supabase), await listening(ben.supabase)]
  await ada.supabase.from('notes').insert({ body: 'mine', size: 5, tags: { a: [1] } })
  await until('Ada hears of it', () => atAda.heard.length === 1)
  expect(atAda.heard[0]).toMatchObject({
    eventType: 'INSERT',
    new: { body: 'mine', size: 5, tags: { a: [1] }, user_id: ada.id },
  })
  await ben.supabase.from('notes').insert({ body: 'his' })
  await until('Ben hears of his', () => atBen.heard.length === 1)
  expect(atBen.heard[0]?.new.body).toBe('his')
  expect(atAda.heard).toHaveLength(1)
})

test('updates and deletes arrive with the key, filters choose, and a row that leaves the filter is not told', async () => {
  const ada = await signedUp('ada2')
  const { heard } = await listening(ada.supabase, 'size=gt.10')
  const { data } = await ada.supabase
    .from('notes')
    .insert([
      { body: 'small', size: 1 },
      { body: 'large', size: 11 },
    ])
    .select()
  const large = data?.find(({ body }) => body === 'large') as { id: string }
  await ada.supabase.from('notes').update({ size: 12 }).eq('id', large.id)
  await ada.supabase.from('notes').update({ size: 2 }).eq('id', large.id)
  await until('two are heard', () => heard.length === 2)
  expect(heard.map(({ eventType, new: row }) => [eventType, row.size])).toEqual([
    ['INSERT', 11],
    ['UPDATE', 12],
  ])
  const all = await listening(ada.supabase)
  await ada.supabase.from('notes').delete().eq('id', large.id)
  await until('the delete is heard', () => all.heard.length === 1)
  expect(all.heard[0]).toMatchObject({ eventType: 'DELETE', old: { id: large.id } })
})

test('what is rolled back is not told, and a transaction that commits late is', async () => {
  const ada = await signedUp('ada3')
  const { heard } = await listening(ada.supabase)
  await server.sql(`do $$ begin
    insert into public.notes (user_id, body) values ('${ada.id}', 'gone');
    raise exception 'no';
  exception when others then null; end $$`)
  const { Client } = await import('pg')
  const slow = new Client({ connectionString: server.databaseUrl })
  await slow.connect()
  await slow.query('begin')
  await slow.query('insert into public.notes (user_id, body) values ($1, $2)', [ada.id, 'late'])
  await server.sql('insert into public.notes (user_id, body) values ($1, $2)', [ada.id, 'early'])
  await slow.query('commit')
  await slow.end()
  await until('both are heard', () => heard.length === 2)
  expect(heard.map(({ new: row }) => row.body).sort()).toEqual(['early', 'late'])
})

test('an expired token closes the channel with a reason; a malformed filter refuses the join', async () => {
  const ada = await signedUp('ada4')
  const exp = Math.floor(Date.now() / 1_000) + 2
  const token = await createTokens(server.jwtSecret, Date.now).sign({
    role: 'authenticated',
    sub: ada.id,
    exp,
  })
  const short = createClient(server.url, server.anonKey, { accessToken: () => Promise.resolve(token) })
  clients.push(short)
  const { states } = await listening(short)
  await until('it is closed', () => states.includes('CLOSED'))
  const ben = await signedUp('ben4')
  const error = await new Promise<Error | undefined>((resolve) => {
    ben.supabase
      .channel('bad')
      .on(
        'postgres_changes',
        { event: '*', schema: 'public', table: 'notes', filter: 'nonsense' },
        () => undefined,
      )
      .subscribe((state, reason) => state === 'CHANNEL_ERROR' && resolve(reason))
  })
  expect(error?.message).toMatch(/filter/)
})

test('after dropped sockets the client joins again and hears what comes then', async () => {
  const ada = await signedUp('ada5')
  const { heard, states } = await listening(ada.supabase)
  server.faults.dropSockets()
  await until('it has joined again', () => states.filter((state) => state === 'SUBSCRIBED').length === 2)
  await ada.supabase.from('notes').insert({ body: 'after' })
  await until('it is heard', () => heard.length === 1)
})

test('broadcasts reach the others, and presence tells who is there', async () => {
  const [a, b] = [client(), client()]
  const heard: unknown[] = []
  const joined = (supabase: SupabaseClient, name: string) =>
    new Promise<ReturnType<SupabaseClient['channel']>>((resolve) => {
      const channel = supabase.channel('room', { config: { presence: { key: name } } })
      channel.on('broadcast', { event: 'hello' }, (message) => heard.push([name, message.payload]))
      channel.on('presence', { event: 'sync' }, () => undefined)
      channel.subscribe((state) => state === 'SUBSCRIBED' && resolve(channel))
    })
  const [inA, inB] = [await joined(a, 'a'), await joined(b, 'b')]
  await inA.send({ type: 'broadcast', event: 'hello', payload: { n: 1 } })
  await until('b hears it', () => heard.length === 1)
  expect(heard).toEqual([['b', { n: 1 }]])
  await inA.track({ mood: 'calm' })
  await until('b sees a', () => 'a' in inB.presenceState())
})
