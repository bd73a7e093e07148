import { describe, expect, test } from 'vitest'
import {
  address,
  bare,
  client,
  join,
  notices,
  refusedWith,
  server,
  tokenFor,
} from '../../test/channelServer.js'
import { quiet, until } from '../../test/wait.js'

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

  test('refuses channels while it restarts, and supabase-js joins when it is back', async () => {
    server.faults.set({ restartRealtime: true })
    const { frames, say } = await bare()
    say(['1', '1', 'realtime:a', 'phx_join', { config: {} }])
    await until('it is answered', () => frames.length === 1)
    const reason = 'RealtimeRestarting: Realtime is restarting, please standby'
    expect(frames[0]?.[4]).toEqual({ status: 'error', response: { reason } })
    const { states } = await join(client().channel('waits'))
    expect(states[0]?.[0]).toBe('CHANNEL_ERROR')
    server.faults.clear()
    await until('it is joined again', () => states.at(-1)?.[0] === 'SUBSCRIBED')
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
    server.clock.advance(90_000)
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
    server.clock.advance(90_000)
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
