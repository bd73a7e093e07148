import { createClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startTestServer, type TestServer } from '../../test/testServer.js'
import { quiet, until } from '../../test/wait.js'
import { startDevServer } from '../index.js'

let server: TestServer
const sockets: WebSocket[] = []
beforeAll(async () => {
  const realtime = { sockets: 3, channels: 2, joinsPerSecond: 5, eventsPerSecond: 20 }
  server = await startTestServer('create table public.notes (id int primary key)', { realtime })
})
afterAll(() => server.stop())

async function bare(url = server.url) {
  const query = new URLSearchParams({ apikey: server.anonKey, vsn: '2.0.0' }).toString()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/v1/websocket?${query}`)
  sockets.push(socket)
  const frames: any[] = []
  const state = { closed: 0 }
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(String(data))))
  socket.on('close', (code) => (state.closed = code))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const say = (frame: unknown) => socket.send(JSON.stringify(frame))
  const join = (topic: string, ref = '1') => say([ref, ref, `realtime:${topic}`, 'phx_join', { config: {} }])
  return { socket, frames, state, say, join }
}

async function closeAll(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.terminate()
  await quiet()
}

const reasons = (frames: any[]) => frames.map(([, , , , { response }]) => response?.reason)

describe('a client that does too much', () => {
  test('has no more channels than it may', async () => {
    const { frames, join } = await bare()
    for (const topic of ['a', 'b', 'c']) join(topic)
    await until('all are answered', () => frames.length === 3)
    expect(reasons(frames)).toEqual([undefined, undefined, 'ChannelRateLimitReached: Too many channels'])
    await closeAll()
  })

  test('loses its socket when it joins without end', async () => {
    const { frames, state, join } = await bare()
    for (let at = 0; at < 6; at += 1) join('same', String(at))
    await until('it is closed', () => state.closed === 1008)
    expect(reasons(frames).at(-1)).toBe('ClientJoinRateLimitReached: Too many joins per second')
    await closeAll()
  })

  test('loses its channel when it broadcasts without end', async () => {
    const { frames, join, say } = await bare()
    join('noisy')
    for (let at = 0; at < 21; at += 1) {
      say(['1', null, 'realtime:noisy', 'broadcast', { type: 'broadcast', event: 'x', payload: {} }])
    }
    await until('it is closed', () => frames.some(([, , , event]) => event === 'phx_close'))
    expect(frames.at(-2)[4]).toMatchObject({ status: 'error', message: 'Too many messages per second' })
    await closeAll()
  })

  test('loses its channel when it says something new of itself more than five times in half a minute', async () => {
    const { frames, join, say } = await bare()
    join('lobby')
    const track = (mood: number) =>
      say(['1', '9', 'realtime:lobby', 'presence', { type: 'presence', event: 'track', payload: { mood } }])
    for (const mood of [1, 1, 1, 2, 3, 4, 5, 6]) track(mood)
    await until('it is closed', () => frames.some(([, , , event]) => event === 'phx_close'))
    expect(frames.at(-2)[4].message).toBe('Client presence rate limit exceeded')
    await closeAll()
  })
})

describe('too many clients', () => {
  test('are told so when they join', async () => {
    const clients = [await bare(), await bare(), await bare(), await bare()]
    clients[3]?.join('late')
    await until('it is answered', () => clients[3]?.frames.length === 1)
    expect(reasons(clients[3]?.frames ?? [])).toEqual([
      'ConnectionRateLimitReached: Too many connected users',
    ])
    await closeAll()
  })
})

test('a client that never reads is let go, and keeps nobody waiting', async () => {
  const deaf = await bare()
  deaf.join('crowd')
  await until('it has joined', () => deaf.frames.length > 0)
  deaf.socket.pause()
  const supabase = createClient(server.url, server.anonKey)
  const heard: unknown[] = []
  const channel = supabase.channel('crowd').on('broadcast', { event: '*' }, ({ event }) => heard.push(event))
  await new Promise<void>((resolve) => channel.subscribe(() => resolve()))
  const payload = { text: 'x'.repeat(4 * 1024 * 1024) }
  const messages = [{ topic: 'crowd', event: 'large', payload }]
  for (let at = 0; at < 24; at += 1) {
    await fetch(`${server.url}/realtime/v1/api/broadcast`, {
      method: 'POST',
      headers: { apikey: server.anonKey },
      body: JSON.stringify({ messages }),
    })
  }
  await until('the other hears all', () => heard.length === 24)
  deaf.socket.resume()
  await until('it is let go', () => deaf.state.closed !== 0)
  await supabase.removeAllChannels()
  await closeAll()
})

test('a topic without a name is refused', async () => {
  const { frames, join } = await bare()
  join('')
  await until('it is answered', () => frames.length === 1)
  expect(reasons(frames)).toEqual(['TopicNameRequired: You must provide a topic name'])
  await closeAll()
})

test('a project may allow private channels alone', async () => {
  const database = { copyOf: server.databaseUrl }
  const closed = await startDevServer({ port: 0, database, realtime: { privateOnly: true } })
  const { frames, join } = await bare(closed.url)
  join('open')
  await until('it is answered', () => frames.length === 1)
  expect(reasons(frames)).toEqual(['PrivateOnly: This project only allows private channels'])
  await closeAll()
  await closed.stop()
})
