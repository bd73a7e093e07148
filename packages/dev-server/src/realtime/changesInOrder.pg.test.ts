import { Client as Database } from 'pg'
import { describe, expect, test } from 'vitest'
import { ada, ben, bodies, clientOf, listen, server, write } from '../../test/changeServer.js'
import { quiet, until } from '../../test/wait.js'

describe('transactions', () => {
  const connect = async () => {
    const database = new Database({ connectionString: server.databaseUrl })
    await database.connect()
    return database
  }

  test('what is rolled back is not told of, nor is what a savepoint took back', async () => {
    const { heard } = await listen(ada)
    const database = await connect()
    await database.query(`begin; insert into notes (owner, body) values ('${ada}', 'gone'); rollback`)
    await database.query(`begin; insert into notes (owner, body) values ('${ada}', 'kept'); savepoint s;
      insert into notes (owner, body) values ('${ada}', 'taken back'); rollback to s; commit`)
    await database.end()
    await until('one is heard', () => heard.length > 0)
    await quiet()
    expect(bodies(heard)).toEqual(['kept'])
  })

  test('a transaction that commits late is told of then, and keeps nobody waiting', async () => {
    const { heard } = await listen(ada)
    const slow = await connect()
    await slow.query('begin')
    await slow.query('insert into notes (owner, body) values ($1, $2)', [ada, 'late'])
    await write('early')
    await until('the early one is heard', () => bodies(heard).includes('early'))
    await write('between')
    await until('the next one is heard', () => bodies(heard).includes('between'))
    expect(bodies(heard)).toEqual(['early', 'between'])
    await slow.query('commit')
    await slow.end()
    await until('the late one is heard', () => heard.length === 3)
    await write('after')
    await until('the last one is heard', () => heard.length === 4)
    expect(bodies(heard)).toEqual(['early', 'between', 'late', 'after'])
  })

  test('many writers at once are heard of completely, each once, each row in its order', async () => {
    const { heard } = await listen(ada)
    const writers = await Promise.all(Array.from({ length: 6 }, connect))
    const writing = writers.map(async (database, writer) => {
      for (let turn = 0; turn < 15; turn += 1) {
        await database.query('begin')
        const { rows } = await database.query<{ id: string }>(
          'insert into notes (owner, body, size) values ($1, $2, 0) returning id',
          [ada, `${writer}.${turn}`],
        )
        await new Promise((resolve) => setTimeout(resolve, (writer * 7 + turn * 3) % 20))
        await database.query('commit')
        await database.query('update notes set size = 1 where id = $1', [rows[0]?.id])
      }
      await database.end()
    })
    await Promise.all(writing)
    await until('all are heard', () => heard.length >= 180)
    await quiet()
    expect(heard).toHaveLength(180)
    const kinds = new Map<unknown, string[]>()
    for (const { eventType, new: row } of heard)
      kinds.set(row.body, [...(kinds.get(row.body) ?? []), eventType])
    expect(kinds.size).toBe(90)
    for (const own of kinds.values()) expect(own).toEqual(['INSERT', 'UPDATE'])
  })

  test('a thousand rows of one statement reach two listeners completely and in their order', async () => {
    const [atAda, atBen] = [await listen(ada), await listen(ben)]
    await server.sql(`insert into notes (owner, body, size)
      select case when n % 2 = 0 then '${ada}'::uuid else '${ben}' end, 'bulk', n from generate_series(1, 1200) n`)
    await until('all are heard', () => atAda.heard.length === 600 && atBen.heard.length === 600)
    expect(atAda.heard.map(({ new: row }) => row.size)).toEqual(
      Array.from({ length: 600 }, (_, n) => n * 2 + 2),
    )
  })

  test('a change is heard of soon after its commit', async () => {
    const { heard } = await listen(ada)
    const delays: number[] = []
    for (let turn = 0; turn < 21; turn += 1) {
      await write(`n${turn}`)
      const committed = performance.now()
      await until('it is heard', () => heard.length > turn)
      delays.push(performance.now() - committed)
    }
    const median = delays.sort((a, b) => a - b)[10] ?? Infinity
    expect(median).toBeLessThan(60)
  })

  test('no change is heard of before the write has had time to answer, however many follow each other', async () => {
    const client = clientOf({ user: ada })
    await client.realtime.setAuth()
    const ages: number[] = []
    const channel = client
      .channel('ages')
      .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'notes' }, ({ new: row }) =>
        ages.push(Date.now() - Date.parse(String(row.at))),
      )
    await new Promise<void>((joined) => channel.subscribe((state) => state === 'SUBSCRIBED' && joined()))
    for (let turn = 0; turn < 60; turn += 1) await write(`n${turn}`)
    await until('all are heard', () => ages.length === 60)
    // 12 ms, less what two clocks that count in whole ms may differ.
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(10)
  })
})

describe('what goes wrong', () => {
  test('after dropped sockets the client joins again by itself and hears what comes then', async () => {
    const { heard, states } = await listen(ada)
    server.faults.dropSockets()
    const joins = () => states.filter(([state]) => state === 'SUBSCRIBED').length
    await until('it has joined again', () => joins() === 2)
    await write('after')
    await until('it is heard', () => heard.length === 1)
  })

  test('a lost connection to the database loses no change', async () => {
    const { heard } = await listen(ada)
    const ended = await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'listen tidemark_realtime' and datname = current_database()`)
    expect(ended).toHaveLength(1)
    await write('meanwhile')
    await until('it is heard', () => heard.length === 1)
  })

  test('events are missed and repeated as the faults have it', async () => {
    const { heard } = await listen(ada)
    server.faults.set({ missEvents: 1 })
    await write('missed')
    await quiet()
    server.faults.set({ repeatEvents: 1 })
    await write('twice')
    await until('it is heard', () => heard.length === 2)
    expect(bodies(heard)).toEqual(['twice', 'twice'])
  })

  test('a policy that fails shows nothing and keeps nothing from others', async () => {
    await server.sql(`create table public.broken (id int primary key);
      alter table public.broken enable row level security;
      create policy bad on public.broken using ((1 / (id - id)) = 1);
      alter publication supabase_realtime add table public.broken`)
    const [broken, healthy] = [await listen(ada, { table: 'broken' }), await listen(ada)]
    await server.sql('insert into broken values (1)')
    await write('heard')
    await until('it is heard', () => healthy.heard.length === 1)
    expect(broken.heard).toEqual([])
  })
})
