import { describe, expect, test } from 'vitest'
import { ada, bodies, listen, server, write } from '../../test/changeServer.js'
import { quiet, until } from '../../test/wait.js'

describe('filters', () => {
  test('a row that leaves the filter is not told of, nor is one that never was in it', async () => {
    const { heard } = await listen(ada, { filter: 'size=gt.10' })
    await write('small', ada, 1)
    const [{ id = '' } = {}] = await write('large', ada, 11)
    await server.sql('update notes set size = 12 where id = $1', [id])
    await server.sql('update notes set size = 2 where id = $1', [id])
    await until('two are heard', () => heard.length === 2)
    await quiet()
    expect(heard.map(({ eventType, new: row }) => [eventType, row.size])).toEqual([
      ['INSERT', 11],
      ['UPDATE', 12],
    ])
  })

  test.each([
    ['body=eq.beta', ['beta']],
    ['body=neq.beta', ['alpha', 'gamma, delta']],
    ['size=lt.2', ['alpha']],
    ['size=lte.2', ['alpha', 'beta']],
    ['size=gte.10', ['gamma, delta']],
    ['size=in.(1,10)', ['alpha', 'gamma, delta']],
    ['body=in.(alpha,"gamma, delta")', ['alpha', 'gamma, delta']],
    ['body=like."%a, d%"', ['gamma, delta']],
    ['body=ilike.BE%', ['beta']],
    ['body=match.^(al|be)', ['alpha', 'beta']],
    ['body=imatch.^AL', ['alpha']],
    ['price=is.null', ['beta', 'gamma, delta']],
    ['price=not.is.null', ['alpha']],
    ['done=is.true', ['beta']],
    ['price=isdistinct.1', ['beta', 'gamma, delta']],
    ['body=not.eq.beta', ['alpha', 'gamma, delta']],
    ['price=neq.2', ['alpha']],
    ['kind=eq.abc', ['alpha']],
    ['size=gt.1,done=is.false', ['gamma, delta']],
  ])('%s chooses as Postgres does', async (filter, expected) => {
    const { heard } = await listen(ada, { event: 'INSERT', filter })
    const all = await listen(ada, { event: 'INSERT' })
    await server.sql(`insert into notes (owner, body, size, price, done, kind) values
      ('${ada}', 'alpha', 1, 1, false, 'abc'), ('${ada}', 'beta', 2, null, true, null),
      ('${ada}', 'gamma, delta', 10, null, false, null)`)
    await until('all are heard', () => all.heard.length === 3 && heard.length === expected.length)
    expect(bodies(heard)).toEqual(expected)
  })

  test('a deletion is chosen by its key, and by other columns only with REPLICA IDENTITY FULL', async () => {
    const byBody = await listen(ada, { event: 'DELETE', filter: 'body=isdistinct.x' })
    const byOld = await listen(ada, { event: 'DELETE', table: 'logs', filter: 'body=eq.a' })
    const [{ id = '' } = {}] = await write('goes')
    const byKey = await listen(ada, { event: 'DELETE', filter: `id=eq.${id}` })
    await server.sql('delete from notes')
    await server.sql(`insert into logs values (1, 'a'), (2, 'b')`)
    await server.sql('delete from logs')
    await until('those are heard', () => byKey.heard.length === 1 && byOld.heard.length === 1)
    await quiet()
    expect(byBody.heard).toEqual([])
    expect(byOld.heard.map(({ old }) => old.id)).toEqual([1])
  })

  test.each([
    ['malformed', { filter: 'nonsense' }, /parsing filter/],
    ['an unknown column', { filter: 'nowhere=eq.1' }, /invalid column for filter nowhere/],
    [
      'a column that may not be read',
      { table: 'logs', filter: 'secret=eq.1' },
      /invalid column for filter secret/,
    ],
    ['a value of another type', { filter: 'size=eq.many' }, /invalid input syntax for type bigint/],
    ['a broken pattern', { filter: 'body=match.(' }, /invalid regular expression/],
    ['true of no boolean', { filter: 'size=is.true' }, /needs a boolean column/],
    ['an unknown column chosen', { select: ['nowhere'] }, /invalid column for select nowhere/],
    ['a table that is not published', { table: 'hidden' }, /check Realtime is enabled/],
    ['a table that is not there', { table: 'nowhere' }, /check Realtime is enabled/],
    ['an empty schema', { schema: 'extensions', table: '*' }, /check Realtime is enabled/],
  ])('%s is told of after the join, and refuses a join that waits', async (_, wanted, message) => {
    const joined = await listen(ada, wanted)
    expect(joined.states).toEqual([['SUBSCRIBED', undefined]])
    await until('it is told', () => joined.system.length > 0)
    expect(joined.system[0]).toMatchObject({ extension: 'postgres_changes', status: 'error' })
    expect(joined.system[0]?.message).toMatch(message)
    const refused = await listen(ada, { ...wanted, wait: true })
    expect(refused.states[0]?.[0]).toBe('CHANNEL_ERROR')
    expect(refused.states[0]?.[1]).toMatch(/RealtimeDisabledForConfiguration: /)
    expect(refused.states[0]?.[1]).toMatch(message)
    await write('others hear on')
  })

  test('a subscription that comes to nothing does not keep others from hearing', async () => {
    await server.sql('alter table notes add column passing int')
    const doomed = await listen(ada, { filter: 'passing=eq.1' })
    const healthy = await listen(ada, { filter: 'body=eq.still heard' })
    await server.sql('alter table notes drop column passing')
    await write('still heard')
    await until('it is heard', () => healthy.heard.length === 1)
    expect(doomed.heard).toEqual([])
  })
})

describe('the publication', () => {
  test('a table is heard of from when it is added to when it is taken out', async () => {
    await server.sql('create table public.late (id int primary key)')
    const early = await listen(ada, { table: 'late' })
    await until('its absence is told', () => early.system[0]?.status === 'error')
    await server.sql('alter publication supabase_realtime add table public.late')
    const { heard } = await listen(ada, { table: 'late' })
    await server.sql('insert into late values (1)')
    await until('it is heard', () => heard.length === 1)
    await until('the early one is subscribed by itself', () => early.system.at(-1)?.status === 'ok')
    await server.sql('alter publication supabase_realtime drop table public.late')
    await server.sql('insert into late values (2)')
    await quiet()
    expect(heard).toHaveLength(1)
    await server.sql('drop table public.late')
  })

  test('all tables of a schema can be heard of with one binding', async () => {
    const { heard } = await listen(ada, { table: '*' })
    await server.sql(`insert into logs values (5, 'a')`)
    await write('and this')
    await until('both are heard', () => heard.length === 2)
    expect(heard.map(({ table }) => table)).toEqual(['logs', 'notes'])
    await server.sql('delete from logs')
  })

  test('two bindings of one channel that a change answers hear it once each', async () => {
    const { client } = await listen(ada)
    const counts = { all: 0, inserts: 0 }
    const channel = client
      .channel('two')
      .on('postgres_changes', { event: '*', schema: 'public', table: 'notes' }, () => (counts.all += 1))
      .on(
        'postgres_changes',
        { event: 'INSERT', schema: 'public', table: 'notes' },
        () => (counts.inserts += 1),
      )
    await new Promise<void>(
      (resolve) => void channel.subscribe((state) => state === 'SUBSCRIBED' && resolve()),
    )
    await write('once')
    await until('both have heard', () => counts.all > 0 && counts.inserts > 0)
    await quiet()
    expect(counts).toEqual({ all: 1, inserts: 1 })
  })
})
