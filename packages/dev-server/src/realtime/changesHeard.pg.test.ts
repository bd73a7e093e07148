import { describe, expect, test } from 'vitest'
import { ada, ben, bodies, listen, opened, server, write } from '../../test/changeServer.js'
import { quiet, until } from '../../test/wait.js'

describe('who hears what', () => {
  test('each subscriber hears of the rows that the policies show to them', async () => {
    const [atAda, atBen, atNobody] = [await listen(ada), await listen(ben), await listen(undefined)]
    await write('for Ada', ada)
    await write('for Ben', ben)
    await until('both have heard', () => atAda.heard.length + atBen.heard.length === 2)
    await quiet()
    expect(bodies(atAda.heard)).toEqual(['for Ada'])
    expect(bodies(atBen.heard)).toEqual(['for Ben'])
    expect(atNobody.heard).toEqual([])
  })

  test('a row that passes to another owner is told to the new one', async () => {
    const [atAda, atBen] = [await listen(ada), await listen(ben)]
    const [{ id = '' } = {}] = await write('moves', ada)
    await until('Ada has heard', () => atAda.heard.length === 1)
    await server.sql('update notes set owner = $1 where id = $2', [ben, id])
    await until('Ben has heard', () => atBen.heard.length === 1)
    await quiet()
    expect(atBen.heard[0]).toMatchObject({ eventType: 'UPDATE', new: { id, owner: ben }, old: { id } })
    expect(atAda.heard).toHaveLength(1)
  })

  test('a deletion is told to everybody, with the key alone', async () => {
    const [{ id = '' } = {}] = await write('goes', ada)
    const atBen = await listen(ben, { event: 'DELETE' })
    await server.sql('delete from notes where id = $1', [id])
    await until('Ben has heard', () => atBen.heard.length === 1)
    expect(atBen.heard[0]).toMatchObject({ eventType: 'DELETE', old: { id } })
    expect(Object.keys(atBen.heard[0]?.old ?? {})).toEqual(['id'])
  })

  test('a row that is gone before it could be told of is not told of', async () => {
    const { heard } = await listen(ada, { event: 'INSERT' })
    await server.sql(`do $$ begin
      insert into notes (owner, body) values ('${ada}', 'brief');
      delete from notes where body = 'brief';
    end $$`)
    await write('stays')
    await until('the other is heard', () => bodies(heard).includes('stays'))
    expect(bodies(heard)).toEqual(['stays'])
  })

  test('the service hears of all rows', async () => {
    const client = await server.client('service')
    opened.push(client)
    const heard: unknown[] = []
    await client.realtime.setAuth(server.serviceRoleKey)
    const channel = client.channel('all')
    channel.on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, (change) =>
      heard.push(change),
    )
    await new Promise<void>(
      (resolve) => void channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()),
    )
    await write('1', ada)
    await write('2', ben)
    await until('both are heard', () => heard.length === 2)
  })

  test('a new token changes whose eyes the channel has, without a new join', async () => {
    const { who, client, heard, system, states } = await listen(ada)
    await until('it is subscribed', () => system.length === 1)
    who.user = ben
    await client.realtime.setAuth()
    await until('it is subscribed again', () => system.length === 2)
    await write('no longer', ada)
    await write('now', ben)
    await until('it is heard', () => heard.length === 1)
    expect(bodies(heard)).toEqual(['now'])
    expect(states).toEqual([['SUBSCRIBED', undefined]])
  })
})

describe('what is heard', () => {
  test('values have their types, the digits of large numbers and the microseconds', async () => {
    const { client, channel } = await listen(ada)
    const frames: string[] = []
    const connection =
      (client.realtime as any).socketAdapter?.getSocket?.().conn ?? (client.realtime as any).conn
    connection.addEventListener('message', ({ data }: { data: unknown }) => frames.push(String(data)))
    await server.sql(`insert into notes (owner, body, size, price, done, tags, at)
      values ('${ada}', 'typed', 9007199254740993, 12345678901234567.89, true, '{"a":[1,null]}',
        '2026-01-02 03:04:05.123456+02')`)
    await until('the frame is there', () => frames.some((frame) => frame.includes('typed')))
    const frame = frames.find((one) => one.includes('typed')) ?? ''
    expect(frame).toContain('"size":9007199254740993,')
    expect(frame).toContain('"price":12345678901234567.89,')
    expect(frame).toContain('"done":true')
    expect(frame).toMatch(/"tags":\{"a":\s?\[1,\s?null\]\}/)
    expect(frame).toContain('2026-01-02T01:04:05.123456+00:00')
    expect(frame).toContain('{"name":"size","type":"int8"}')
    await channel.unsubscribe()
  })

  test('a key beyond the numbers of JavaScript still finds its row under the policies', async () => {
    await server.sql(`create table public.large (id int8 primary key, owner uuid);
      alter table public.large enable row level security;
      create policy own on public.large using (owner = auth.uid());
      alter publication supabase_realtime add table public.large`)
    const { heard } = await listen(ada, { table: 'large' })
    await server.sql(`insert into large values (9007199254740992, '${ben}'), (9007199254740993, '${ada}')`)
    await until('it is heard', () => heard.length > 0)
    await quiet()
    expect(heard).toHaveLength(1)
    expect(heard[0]?.new.owner).toBe(ada)
  })

  test('only columns that the role may select are told, of old rows too', async () => {
    const { heard } = await listen(ada, { table: 'logs' })
    await server.sql(`insert into logs values (1, 'a', 'secret', 'k')`)
    await server.sql(`update logs set body = 'b' where id = 1`)
    await server.sql('delete from logs where id = 1')
    await until('all are heard', () => heard.length === 3)
    expect(heard.map((one) => [one.eventType, one.new, one.old])).toEqual([
      ['INSERT', { id: 1, body: 'a', kept: 'k' }, {}],
      ['UPDATE', { id: 1, body: 'b', kept: 'k' }, { id: 1, body: 'a', kept: 'k' }],
      ['DELETE', {}, { id: 1, body: 'b', kept: 'k' }],
    ])
  })

  test('of a deleted row that policies guarded the key alone is told, even with REPLICA IDENTITY FULL', async () => {
    const { heard } = await listen(ada, { table: 'guarded' })
    await server.sql(`insert into guarded values (1, 'x')`)
    await until('the new row is heard of', () => heard.length === 1)
    await server.sql('delete from guarded')
    await until('both are heard', () => heard.length === 2)
    expect(heard[1]?.old).toEqual({ id: 1 })
  })

  test('select leaves the chosen columns and the key', async () => {
    const { heard } = await listen(ada, { select: ['body'] })
    const [{ id = '' } = {}] = await write('chosen')
    await until('it is heard', () => heard.length === 1)
    expect(heard[0]?.new).toEqual({ id, body: 'chosen' })
  })

  test('a table without a key, and one whose key may not be read, are told of without their rows', async () => {
    await server.sql(`create table public.sealed (id int primary key, body text);
      revoke all on public.sealed from anon, authenticated;
      grant select (body) on public.sealed to authenticated;
      alter publication supabase_realtime add table public.sealed`)
    const [keyless, sealed] = [
      await listen(ada, { table: 'keyless' }),
      await listen(ada, { table: 'sealed' }),
    ]
    await server.sql(`insert into keyless values ('x')`)
    await server.sql(`insert into sealed values (1, 'x')`)
    await until('both are heard', () => keyless.heard.length + sealed.heard.length === 2)
    expect(keyless.heard[0]).toMatchObject({ new: {}, errors: ['Error 400: Bad Request, no primary key'] })
    expect(sealed.heard[0]).toMatchObject({ new: {}, errors: ['Error 401: Unauthorized'] })
  })

  test('a row of more than a mebibyte is told of without its large values', async () => {
    const { heard } = await listen(ada)
    await write('x'.repeat(1_100_000), ada, 7)
    await until('it is heard', () => heard.length === 1)
    expect(heard[0]).toMatchObject({ new: { size: 7 }, errors: ['Error 413: Payload Too Large'] })
    expect(heard[0]?.new).not.toHaveProperty('body')
  })
})
