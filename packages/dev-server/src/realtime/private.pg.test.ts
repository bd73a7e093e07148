import type { RealtimeChannel } from '@supabase/supabase-js'
import { beforeEach, describe, expect, test } from 'vitest'
import { bare, client, join, server, tokenFor } from '../../test/channelServer.js'
import { quiet, until } from '../../test/wait.js'

beforeEach(() => server.sql('delete from realtime.messages'))

/** A client whose token has these claims, in a private channel. */
async function member(
  topic: string,
  claims?: Record<string, unknown>,
  broadcast: Record<string, unknown> = {},
) {
  const supabase = client()
  if (claims) await supabase.realtime.setAuth(await tokenFor(600, claims))
  const heard: [string, unknown][] = []
  const metas: unknown[] = []
  const channel = supabase.channel(topic, {
    config: { private: true, broadcast, presence: { key: 'k' } } as never,
  })
  channel.on('broadcast', { event: '*' }, ({ event, payload, meta }) => {
    heard.push([event, payload])
    metas.push(meta)
  })
  const { states } = await join(channel)
  return { supabase, channel, heard, metas, states }
}

const say = (channel: RealtimeChannel, event: string, payload: unknown = {}) =>
  channel.send({ type: 'broadcast', event, payload: payload as never })
const red = { team: 'red' }

describe('private channels', () => {
  test('are joined by those whom a policy lets hear', async () => {
    expect((await member('team:red', red)).states).toEqual([['SUBSCRIBED', undefined]])
    const refused = (topic: string) =>
      `"Unauthorized: You do not have permissions to read from this Channel topic: ${topic}"`
    expect((await member('team:red', { team: 'blue' })).states[0]).toEqual([
      'CHANNEL_ERROR',
      expect.stringContaining(refused('team:red').slice(1, -1)),
    ])
    expect((await member('team:red')).states[0]?.[0]).toBe('CHANNEL_ERROR')
    expect((await member('open')).states).toEqual([['SUBSCRIBED', undefined]])
  })

  test('are spoken in by those whom a policy lets write, and what others say is dropped', async () => {
    const [speaker, listener, mute] = [
      await member('team:red', red, { ack: true }),
      await member('team:red', red),
      await member('team:red', { ...red, quiet: true }),
    ]
    expect(await say(speaker.channel, 'hello', { n: 1 })).toBe('ok')
    await say(mute.channel, 'pssst')
    await until('it is heard', () => listener.heard.length === 1 && mute.heard.length === 1)
    await quiet()
    expect(listener.heard).toEqual([['hello', { n: 1 }]])
  })

  test('are other rooms than the public ones of their name', async () => {
    const inside = await member('team:red', red)
    const outside = client().channel('team:red')
    const heard: unknown[] = []
    outside.on('broadcast', { event: '*' }, (message) => heard.push(message))
    await join(outside)
    await say(inside.channel, 'secret')
    await say(outside, 'gossip')
    await quiet()
    expect([inside.heard, heard]).toEqual([[], []])
  })

  test('end when a new token has no right to them', async () => {
    const { supabase, states } = await member('team:red', red)
    await supabase.realtime.setAuth(await tokenFor(600, { team: 'blue' }))
    await until('it is closed', () => states.some(([state]) => state === 'CLOSED'))
  })

  test('show presence to those whose policies name it', async () => {
    const { channel } = await member('team:red', red)
    await Promise.race([channel.track({ mood: 'calm' }), quiet()])
    await quiet()
    expect(channel.presenceState()).toEqual({}) // The policy lets members broadcast alone.
  })
})

describe('the database', () => {
  test('broadcasts to private and to public channels, and tells the id of what it keeps', async () => {
    const { heard, metas } = await member('team:red', red)
    const open = client().channel('news')
    const news: unknown[] = []
    open.on('broadcast', { event: '*' }, ({ payload }) => news.push(payload))
    await join(open)
    await server.sql(`select realtime.send('{"n": 12345678901234567890}', 'made', 'team:red')`)
    await server.sql(`select realtime.send('{"n": 2, "id": "own"}', 'made', 'news', false)`)
    await until('both are heard', () => heard.length === 1 && news.length === 1)
    const [{ id = '' } = {}] = await server.sql<{ id: string }>(
      `select id from realtime.messages where private`,
    )
    expect(heard).toEqual([['made', expect.objectContaining({ id })]])
    expect(metas).toEqual([{ id }])
    expect(news).toEqual([{ n: 2, id: 'own' }])
  })

  test('broadcasts bytes', async () => {
    const { heard } = await member('team:red', red)
    await server.sql(`select realtime.send_binary('\\x00ff07', 'bytes', 'team:red')`)
    await until('they are heard', () => heard.length === 1)
    expect([...new Uint8Array(heard[0]?.[1] as ArrayBuffer)]).toEqual([0, 255, 7])
  })

  test('broadcasts the changes of a table by its trigger, and nothing that is rolled back', async () => {
    const { heard } = await member('team:red', red)
    await server.sql(`begin; insert into tasks values (0, 'gone'); rollback`)
    await server.sql(`insert into tasks values (1, 'a')`)
    await server.sql(`update tasks set title = 'b'`)
    await server.sql(`delete from tasks`)
    await until('all are heard', () => heard.length === 3)
    expect(heard.map(([event, payload]) => [event, payload])).toMatchObject([
      [
        'INSERT',
        {
          operation: 'INSERT',
          table: 'tasks',
          schema: 'public',
          record: { id: 1, title: 'a' },
          old_record: null,
        },
      ],
      ['UPDATE', { record: { title: 'b' }, old_record: { title: 'a' } }],
      ['DELETE', { record: null, old_record: { id: 1, title: 'b' } }],
    ])
  })

  test('refuses what no trigger for rows calls, and only warns of what cannot be sent', async () => {
    await expect(
      server.sql(
        `select realtime.broadcast_changes('t', 'e', 'INSERT', 'tasks', 'public', null, null, 'STATEMENT')`,
      ),
    ).rejects.toThrow('can only be triggered for each row')
    expect(await server.sql(`select realtime.send('{}', 'e', null)`)).toHaveLength(1)
  })
})

describe('over HTTP', () => {
  const post = (path: string, token: string, body: unknown) =>
    fetch(`${server.url}/realtime/v1/api/broadcast${path}`, {
      method: 'POST',
      headers: {
        apikey: server.anonKey,
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
    })

  test('a private message is heard when its sender may speak, and dropped when not', async () => {
    const { heard } = await member('team:red', red)
    const path = '/team%3Ared/events/posted?private=true'
    expect((await post(path, await tokenFor(60, { team: 'blue' }), { n: 1 })).status).toBe(202)
    expect((await post(path, await tokenFor(60, red), { n: 2 })).status).toBe(202)
    const messages = [{ topic: 'team:red', event: 'many', payload: { n: 3 }, private: true }]
    expect((await post('', await tokenFor(60, red), { messages })).status).toBe(202)
    await until('two are heard', () => heard.length === 2)
    expect(heard).toEqual([
      ['posted', { n: 2 }],
      ['many', { n: 3 }],
    ])
  })

  test('a message that is to persist is heard now and replayed later', async () => {
    const { heard } = await member('team:red', red)
    await post('/team%3Ared/events/kept?private=true&persist=true', await tokenFor(60, red), { n: 1 })
    await until('it is heard', () => heard.length === 1)
    const late = await member('team:red', red, { replay: { since: 0 } })
    await until('it is replayed', () => late.heard.length === 1)
    expect(late.heard).toEqual([['kept', { n: 1 }]])
  })
})

describe('replay', () => {
  test('tells a newcomer the last messages since a moment, oldest first, and each once', async () => {
    const before = Date.now()
    for (const n of [1, 2, 3]) await server.sql(`select realtime.send('{"n": ${n}}', 'old', 'team:red')`)
    await quiet() // Else they are heard as they come, too.
    const { heard, metas } = await member('team:red', red, { replay: { since: before - 60_000, limit: 2 } })
    await until('they are heard', () => heard.length === 2)
    await server.sql(`select realtime.send('{"n": 4}', 'new', 'team:red')`)
    await until('the new one is heard', () => heard.length === 3)
    expect(heard.map(([, payload]) => (payload as { n: number }).n)).toEqual([2, 3, 4])
    expect(metas[0]).toMatchObject({ replayed: true, id: expect.any(String) })
    expect(metas[2]).not.toHaveProperty('replayed')
    const later = await member('team:red', red, { replay: { since: Date.now() + 60_000 } })
    await quiet()
    expect(later.heard).toEqual([])
  })

  test('is refused for public channels and for what is no moment', async () => {
    const reasonOf = async (config: Record<string, unknown>) => {
      const { frames, say: send } = await bare()
      send(['1', '1', 'realtime:team:red', 'phx_join', { config, access_token: await tokenFor(60, red) }])
      await until('it is answered', () => frames.length > 0)
      return frames[0][4].response.reason as string
    }
    const replay = { since: 0 }
    expect(await reasonOf({ broadcast: { replay } })).toBe(
      'UnableToReplayMessages: Replay is not allowed for public channels',
    )
    for (const wrong of [{ since: 'x' }, { since: 0, limit: 26 }, 5]) {
      expect(await reasonOf({ private: true, broadcast: { replay: wrong } })).toBe(
        'UnableToReplayMessages: Replay params are not valid',
      )
    }
  })
})
