/**
 * A server for tests of channels, sockets and broadcasts, for the tests of one file: importing it starts the server.
 */
import type { RealtimeChannel } from '@supabase/supabase-js'
import { createClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { WebSocket } from 'ws'
import { startTestServer, type Client, type TestServer } from './testServer.js'

const schema = `
  create policy "members hear" on realtime.messages for select to authenticated
    using (realtime.topic() like 'team:%' and auth.jwt() ->> 'team' = split_part(realtime.topic(), ':', 2));
  create policy "members speak" on realtime.messages for insert to authenticated
    with check (extension = 'broadcast' and auth.jwt() ->> 'team' = split_part(realtime.topic(), ':', 2)
      and auth.jwt() ->> 'quiet' is null);
  create policy "guests hear broadcasts" on realtime.messages for select to anon
    using (extension = 'broadcast' and realtime.topic() = 'open');
  create table public.tasks (id int primary key, title text);
  create function public.tell_tasks() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      perform realtime.broadcast_changes('team:red', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
      return null;
    end $$;
  create trigger tell_tasks after insert or update or delete on public.tasks
    for each row execute function public.tell_tasks();`

export let server: TestServer
export const notices: string[] = []
const opened: Client[] = []
const sockets: WebSocket[] = []

beforeAll(async () => {
  server = await startTestServer(schema, {
    log: (message) => notices.push(message),
  })
})
afterAll(() => server.stop())
afterEach(async () => {
  server.clock.reset()
  server.faults.clear()
  for (const socket of sockets.splice(0)) socket.terminate()
  await Promise.all(opened.splice(0).map((client) => client.removeAllChannels()))
})

export function client(vsn = '2.0.0'): Client {
  const made = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { vsn } as never,
  })
  opened.push(made)
  return made
}

export async function join(channel: RealtimeChannel): Promise<{ states: [string, string | undefined][] }> {
  const states: [string, string | undefined][] = []
  await new Promise<void>((resolve) => {
    channel.subscribe((state, error) => {
      states.push([state, error?.message])
      resolve()
    })
  })
  return { states }
}

export const tokenFor = (seconds: number, claims: Record<string, unknown> = {}) =>
  server.token({
    sub: crypto.randomUUID(),
    exp: Math.floor(server.clock.now() / 1_000) + seconds,
    ...claims,
  })

export const address = (parameters: Record<string, string> = {}) =>
  `${server.url.replace('http', 'ws')}/realtime/v1/websocket?${new URLSearchParams({
    apikey: server.anonKey,
    vsn: '2.0.0',
    ...parameters,
  }).toString()}`

/** A socket without a client: sends frames, and gathers the text frames that come. */
export async function bare(parameters?: Record<string, string>) {
  const socket = new WebSocket(address(parameters))
  sockets.push(socket)
  const frames: any[] = []
  socket.on('message', (data: Buffer, isBinary) => frames.push(isBinary ? data : JSON.parse(String(data))))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, frames, say: (frame: unknown) => socket.send(JSON.stringify(frame)) }
}

/** The status with which a socket is refused. */
export const refusedWith = (url: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const socket = new WebSocket(url)
    sockets.push(socket)
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
    socket.on('open', () => reject(new Error('it was opened')))
    socket.on('error', () => undefined)
  })
