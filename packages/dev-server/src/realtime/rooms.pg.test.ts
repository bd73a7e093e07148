import type { RealtimeChannel } from '@supabase/supabase-js'
import { describe, expect, test } from 'vitest'
import { client, join, server } from '../../test/channelServer.js'
import { quiet, until } from '../../test/wait.js'

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
