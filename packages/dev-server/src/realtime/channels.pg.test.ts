import type { RealtimeChannel } from '@supabase/supabase-js'
import { createClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startTestServer, type Client, type TestServer } from '../../test/testServer.js'

let server: TestServer
/** How far the server's clock is ahead, in ms. */
let ahead = 0
const notices: string[] = []
const opened: Client[] = []
const sockets: WebSocket[] = []

beforeAll(async () => {
  server = await startTestServer('select 1', {
    clock: () => Date.now() + ahead,
    log: (message) => notices.push(message),
  })
})
afterAll(() => server.stop())
afterEach(async () => {
  ahead = 0
  server.faults.clear()
  for (const socket of sockets.splice(0)) socket.terminate()
  await Promise.all(opened.splice(0).map((client) => client.removeAllChannels()))
})

async function until(what: string, check: () => boolean): Promise<void> {
  const end = performance.now() + 8_000
  while (!check()) {
    if (performance.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 100))

function client(vsn = '2.0.0'): Client {
  const made = createClient(server.url, server.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { vsn } as never,
  })
  opened.push(made)
  return made
}

async function join(channel: RealtimeChannel): Promise<{ states: [string, string | undefined][] }> {
  const states: [string, string | undefined][] = []
  await new Promise<void>((resolve) => {
    channel.subscribe((state, error) => {
      states.push([state, error?.message])
      resolve()
    })
  })
  return { states }
}

const tokenFor = (seconds: number, claims: Record<string, unknown> = {}) =>
  server.token({
    sub: crypto.randomUUID(),
    exp: Math.floor((Date.now() + ahead) / 1_000) + seconds,
    ...claims,
  })

const address = (parameters: Record<string, string> = {}) =>
  `${server.url.replace('http', 'ws')}/realtime/v1/websocket?${new URLSearchParams({
    apikey: server.anonKey,
    vsn: '2.0.0',
    ...parameters,
  }).toString()}`

/** A socket without a client: sends frames, and gathers the text frames that come. */
async function bare(parameters?: Record<string, string>) {
  const socket = new WebSocket(address(parameters))
  sockets.push(socket)
  const frames: any[] = []
  socket.on('message', (data: Buffer, isBinary) => frames.push(isBinary ? data : JSON.parse(String(data))))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, frames, say: (frame: unknown) => socket.send(JSON.stringify(frame)) }
}

/** The status with which a socket is refused. */
const refusedWith = (url: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const socket = new WebSocket(url)
    sockets.push(socket)
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
    socket.on('open', () => reject(new Error('it was opened')))
    socket.on('error', () => undefined)
  })

describe('the socket', () => {
  test('answers a heartbeat with its ref, in both versions', async () => {
    const arrays = await bare()
    arrays.say([null, '7', 'phoenix', 'heartbeat', {}])
    const objects = await bare({ vsn: '1.0.0' })
    objects.say({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '8', join_ref: null })
    await until('both are answered', () => arrays.frames.length + objects.frames.length === 2)
    const payload = { status: 'ok', response: {} }
    expect(arrays.frames).toEqual([[null, '7', 'phoenix', 'phx_reply', payload]])
    expect(objects.frames).toEqual([
      { topic: 'phoenix', event: 'phx_reply', payload, ref: '8', join_ref: null },
    ])
  })

  test('is opened with a key of the project alone, where it is, in a version that is known', async () => {
    expect(await refusedWith(address({ apikey: 'nonsense' }))).toBe(401)
    expect(await refusedWith(address({ apikey: '' }))).toBe(401)
    expect(await refusedWith(address({ apikey: await tokenFor(-5) }))).toBe(401)
    expect(await refusedWith(address({ vsn: '3.0.0' }))).toBe(400)
    expect(await refusedWith(address().replace('websocket', 'elsewhere'))).toBe(404)
    server.faults.set({ rejectRealtime: true })
    expect(await refusedWith(address())).toBe(503)
  })

  test('closes on what is no frame, and the server goes on', async () => {
    const { socket } = await bare()
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send('{nonsense')
    expect(await closed).toBe(1003)
    const binary = await bare()
    const closedToo = new Promise<number>((resolve) => binary.socket.once('close', resolve))
    binary.socket.send(Buffer.from([9, 9, 9]))
    expect(await closedToo).toBe(1003)
    expect((await join(client().channel('fine'))).states).toEqual([['SUBSCRIBED', undefined]])
  })

  test('handles frames in their order, though a join takes longer than what follows it', async () => {
    const { frames, say } = await bare()
    say(['1', '1', 'realtime:a', 'phx_join', { config: { broadcast: { ack: true } } }])
    say(['1', '2', 'realtime:a', 'broadcast', { type: 'broadcast', event: 'x', payload: {} }])
    say(['1', '3', 'realtime:a', 'phx_leave', {}])
    await until('all are answered', () => frames.length === 4)
    expect(frames.map(([, ref, , event, { status }]) => [ref, event, status])).toEqual([
      ['1', 'phx_reply', 'ok'],
      ['2', 'phx_reply', 'ok'],
      ['3', 'phx_reply', 'ok'],
      [null, 'phx_close', undefined],
    ])
  })

  test('refuses what is sent to a channel that was not joined, and topics that are none', async () => {
    const { frames, say } = await bare()
    say([null, '1', 'realtime:nowhere', 'broadcast', {}])
    say(['2', '2', 'elsewhere', 'phx_join', { config: {} }])
    say(['3', '3', 'realtime:odd', 'phx_join', { config: { postgres_changes: [{ event: 5 }] } }])
    await until('all are answered', () => frames.length === 3)
    expect(frames.map(([, , , , { status }]) => status)).toEqual(['error', 'error', 'error'])
  })

  test('has a hundred channels at most', async () => {
    const { frames, say } = await bare()
    for (let at = 0; at < 101; at += 1) say([`${at}`, `${at}`, `realtime:${at}`, 'phx_join', { config: {} }])
    await until('all are answered', () => frames.length === 101)
    expect(frames.at(-1)[4]).toEqual({
      status: 'error',
      response: { reason: 'ChannelRateLimitReached: Too many channels' },
    })
  })
})

describe('joining', () => {
  test('anonymous and signed-in clients join; the answer echoes the bindings with equal ids for equal ones', async () => {
    const { frames, say } = await bare()
    const bindings = [
      { event: '*', schema: 'public', table: 'x', filter: 'a=eq.1' },
      { event: '*', schema: 'public', table: 'y' },
      { event: '*', schema: 'public', table: 'x', filter: 'a=eq.1' },
    ]
    say(['1', '1', 'realtime:a', 'phx_join', { config: { postgres_changes: bindings } }])
    await until('it is answered', () => frames.length > 0)
    const answered = frames[0][4].response.postgres_changes
    expect(answered).toMatchObject(bindings)
    expect(answered[0].id).toBe(answered[2].id)
    expect(answered[0].id).not.toBe(answered[1].id)
    const signedIn = client()
    await signedIn.realtime.setAuth(await tokenFor(60))
    expect((await join(signedIn.channel('b'))).states).toEqual([['SUBSCRIBED', undefined]])
  })

  test('every reason against a join has its documented words', async () => {
    const reasonOf = async (token: string, config: Record<string, unknown> = {}) => {
      const { frames, say } = await bare()
      say(['1', '1', 'realtime:secret', 'phx_join', { config, access_token: token }])
      await until('it is answered', () => frames.length > 0)
      return frames[0][4].response.reason as string
    }
    expect(await reasonOf(await tokenFor(-30))).toMatch(
      /^InvalidJWTToken: Token has expired (30|31) seconds ago$/,
    )
    expect(await reasonOf(`${(await tokenFor(60)).slice(0, -8)}AAAAAAAA`)).toBe(
      'JwtSignatureError: Failed to validate JWT signature',
    )
    expect(await reasonOf('nonsense')).toMatch(/^MalformedJWT: /)
    expect(await reasonOf(await tokenFor(60, { role: undefined }))).toBe(
      'InvalidJWTToken: Fields `role` and `exp` are required in JWT',
    )
    expect(await reasonOf(await tokenFor(60), { private: true })).toBe(
      'Unauthorized: You do not have permissions to read from this Channel topic: secret',
    )
  })

  test('a signed-in client that joins as anon is noticed', async () => {
    const { frames, say } = await bare()
    say(['1', '1', 'realtime:mine', 'phx_join', { config: {}, access_token: await tokenFor(60) }])
    say(['2', '2', 'realtime:forgotten', 'phx_join', { config: {} }])
    await until('both are answered', () => frames.length === 2)
    expect(notices.some((notice) => /forgotten was joined as anon/.test(notice))).toBe(true)
  })
})

describe('tokens', () => {
  test('a channel ends when its token does, by the clock of the server', async () => {
    const supabase = client()
    await supabase.realtime.setAuth(await tokenFor(60))
    const channel = supabase.channel('ends')
    const said: Record<string, unknown>[] = []
    channel.on('system', {}, (message) => said.push(message as Record<string, unknown>))
    const { states } = await join(channel)
    ahead = 90_000
    await until('it is closed', () => states.some(([state]) => state === 'CLOSED'))
    expect(said).toEqual([
      expect.objectContaining({
        extension: 'system',
        status: 'error',
        message: expect.stringMatching(/^Token has expired \d+ seconds ago$/),
      }),
    ])
    expect(supabase.realtime.isConnected()).toBe(true)
  })

  test('a fresh token in time keeps the channel', async () => {
    const supabase = client()
    await supabase.realtime.setAuth(await tokenFor(60))
    const { states } = await join(supabase.channel('stays'))
    await supabase.realtime.setAuth(await tokenFor(600))
    await quiet()
    ahead = 90_000
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect(states).toEqual([['SUBSCRIBED', undefined]])
  })

  test('an expired token that is pushed ends the channel', async () => {
    const { frames, say } = await bare()
    say(['1', '1', 'realtime:a', 'phx_join', { config: {}, access_token: await tokenFor(60) }])
    say(['1', '2', 'realtime:a', 'access_token', { access_token: await tokenFor(-10) }])
    await until('it is closed', () => frames.some(([, , , event]) => event === 'phx_close'))
    expect(frames[1][4].message).toMatch(/^Token has expired 1[01] seconds ago$/)
  })
})

describe('broadcast', () => {
  async function room(name: string, vsn: string, config: Record<string, unknown> = {}) {
    const supabase = client(vsn)
    const heard: unknown[] = []
    const channel = supabase.channel(name, { config: { broadcast: config } })
    channel.on('broadcast', { event: '*' }, ({ event, payload }) => heard.push([event, payload]))
    await join(channel)
    return { channel, heard, supabase }
  }
  const say = (channel: RealtimeChannel, payload: unknown) =>
    channel.send({ type: 'broadcast', event: 'hello', payload: payload as never })

  test('reaches the others in both versions, and the sender only when it wants', async () => {
    const [a, b, old] = [
      await room('r', '2.0.0'),
      await room('r', '2.0.0', { self: true }),
      await room('r', '1.0.0'),
    ]
    const elsewhere = await room('other', '2.0.0')
    await say(a.channel, { n: 'ä' })
    await until('both hear it', () => b.heard.length === 1 && old.heard.length === 1)
    await say(b.channel, { n: 2 })
    await say(old.channel, { n: 3 })
    await until('all hear', () => a.heard.length === 2 && b.heard.length === 3 && old.heard.length === 2)
    expect(a.heard).toEqual([
      ['hello', { n: 2 }],
      ['hello', { n: 3 }],
    ])
    expect(b.heard[0]).toEqual(['hello', { n: 'ä' }])
    expect(old.heard[0]).toEqual(['hello', { n: 'ä' }])
    expect(elsewhere.heard).toEqual([])
  })

  test('is acknowledged when the sender asks for it', async () => {
    const { channel } = await room('acked', '2.0.0', { ack: true })
    expect(await say(channel, {})).toBe('ok')
  })

  test('carries bytes as they are, to those whose version can', async () => {
    const [a, b, old] = [
      await room('bytes', '2.0.0'),
      await room('bytes', '2.0.0'),
      await room('bytes', '1.0.0'),
    ]
    await say(a.channel, Uint8Array.from([0, 255, 7]).buffer)
    await until('it is heard', () => b.heard.length === 1)
    const [, payload] = b.heard[0] as [string, ArrayBuffer]
    expect([...new Uint8Array(payload)]).toEqual([0, 255, 7])
    await quiet()
    expect(old.heard).toEqual([])
  })

  test('goes over HTTP from a channel that has not joined, and is refused without a key or without sense', async () => {
    const { heard } = await room('http', '2.0.0')
    const sender = client().channel('http')
    expect(await sender.httpSend('one', { n: 1 })).toEqual({ success: true })
    const post = (body: string, key = server.anonKey) =>
      fetch(`${server.url}/realtime/v1/api/broadcast`, { method: 'POST', headers: { apikey: key }, body })
    const many = { messages: [{ topic: 'http', event: 'two', payload: { n: 2 } }] }
    expect((await post(JSON.stringify(many))).status).toBe(202)
    await until('both are heard', () => heard.length === 2)
    expect(heard).toEqual([
      ['one', { n: 1 }],
      ['two', { n: 2 }],
    ])
    expect((await post(JSON.stringify(many), 'nonsense')).status).toBe(401)
    expect((await post('{')).status).toBe(400)
    expect((await post('{}')).status).toBe(422)
    expect((await post('{"messages":[{"topic":"http"}]}')).status).toBe(422)
    for (const path of ['nothing', 'broadcast/%E0%A4%A/events/x']) {
      const url = `${server.url}/realtime/v1/api/${path}`
      const nowhere = await fetch(url, { method: 'POST', headers: { apikey: server.anonKey } })
      expect(nowhere.status, path).toBe(404)
    }
  })
})

describe('presence', () => {
  async function present(key: string) {
    const supabase = client()
    const channel = supabase.channel('lobby', { config: { presence: { key } } })
    const events: string[] = []
    channel
      .on('presence', { event: 'join' }, ({ key: who }) => events.push(`+${who}`))
      .on('presence', { event: 'leave' }, ({ key: who }) => events.push(`-${who}`))
    await join(channel)
    return { supabase, channel, events }
  }
  const moods = ({ channel }: { channel: RealtimeChannel }) =>
    Object.fromEntries(
      Object.entries(channel.presenceState<{ mood: string }>()).map(([key, metas]) => [
        key,
        metas.map(({ mood }) => mood),
      ]),
    )

  test('tells who is there, who comes, what changes and who goes', async () => {
    const a = await present('a')
    expect(await a.channel.track({ mood: 'calm' })).toBe('ok')
    const b = await present('b')
    await until('b sees a', () => 'a' in moods(b))
    expect(moods(b)).toEqual({ a: ['calm'] })
    await b.channel.track({ mood: 'glad' })
    await until('a sees b', () => 'b' in moods(a))
    await b.channel.track({ mood: 'merry' })
    await until('a sees the change', () => moods(a).b?.[0] === 'merry')
    expect(moods(a)).toEqual({ a: ['calm'], b: ['merry'] })
    await b.channel.untrack()
    await until('a sees b go', () => !('b' in moods(a)))
    await b.channel.track({ mood: 'back' })
    await until('a sees b again', () => 'b' in moods(a))
    await b.supabase.realtime.disconnect()
    await until('a sees b lost', () => !('b' in moods(a)))
    // A change is told as a join of the new and a leave of the old, as Phoenix does.
    expect(a.events).toEqual(['+a', '+b', '+b', '-b', '-b', '+b', '-b'])
  })

  test('two clients of one key are there twice', async () => {
    const [a, twin] = [await present('same'), await present('same')]
    await a.channel.track({ mood: '1' })
    await twin.channel.track({ mood: '2' })
    await until('both are there', () => moods(a).same?.length === 2)
    await twin.channel.untrack()
    await until('one is left', () => moods(a).same?.length === 1)
    expect(moods(a)).toEqual({ same: ['1'] })
  })
})
