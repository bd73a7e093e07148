import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.items (id int primary key, name text not null default 'unnamed', made timestamptz default now());
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
beforeEach(async () => {
  await server.sql('truncate items')
  await server.sql(`insert into items (id, name) values (1, 'one'), (2, 'two')`)
})
afterAll(() => server.stop())

const stored = (table: string) => server.sql(`select * from ${table} order by 1`)

describe('an update', () => {
  it('changes the columns of the body in the rows that match', async () => {
    const { data, status, count } = await db
      .from('items')
      .update({ name: 'few', made: null }, { count: 'exact' })
      .lte('id', 2)
      .select('id,name')
      .order('id', { ascending: false })
    expect({ data, status, count }).toEqual({
      data: [
        { id: 2, name: 'few' },
        { id: 1, name: 'few' },
      ],
      status: 200,
      count: 2,
    })
  })

  it('is no error when no row matches: 204, or an empty list', async () => {
    expect(await db.from('items').update({ name: 'x' }).eq('id', 99)).toMatchObject({
      status: 204,
      error: null,
    })
    expect(await db.from('items').update({ name: 'x' }).eq('id', 99).select()).toMatchObject({
      status: 200,
      data: [],
    })
  })

  it('does nothing with an empty body', async () => {
    expect(await db.from('items').update({}).eq('id', 1)).toMatchObject({ status: 204, error: null })
    expect(await db.from('items').update({}).eq('id', 1).select()).toMatchObject({ status: 200, data: [] })
  })

  it('is taken back when it would not give the one row that was wanted, or touch too many', async () => {
    const several = await db.from('items').update({ name: 'same' }).gt('id', 0).select().single()
    expect(several).toMatchObject({
      status: 406,
      error: { code: 'PGRST116', details: 'The result contains 2 rows' },
    })
    const limited = await db.from('items').update({ name: 'same' }).gt('id', 0).maxAffected(1)
    expect(limited).toMatchObject({
      status: 400,
      error: { code: 'PGRST124', details: 'The query affects 2 rows' },
    })
    expect(await server.sql(`select from items where name = 'same'`)).toHaveLength(0)
  })

  it('is rehearsed, not kept, with rollback()', async () => {
    const rehearsed = await db.from('items').update({ name: 'never' }).eq('id', 1).select('name').rollback()
    expect(rehearsed.data).toEqual([{ name: 'never' }])
    expect(await server.sql('select name from items where id = 1')).toEqual([{ name: 'one' }])
  })
})

describe('a delete', () => {
  it('removes the rows that match, gives them when asked, and counts them', async () => {
    const { data, status } = await db.from('items').delete().eq('id', 1).select('name')
    expect({ data, status }).toEqual({ data: [{ name: 'one' }], status: 200 })
    const rest = await db.from('items').delete({ count: 'exact' }).gt('id', 0)
    expect(rest).toMatchObject({ status: 204, statusText: 'No Content', count: 1 })
  })

  it('does not care for a limit, as PostgREST does not: the filters alone decide', async () => {
    const deleted = await db.from('items').delete().gt('id', 0).select('id').order('id').limit(1)
    expect(deleted.data).toEqual([{ id: 1 }, { id: 2 }])
    expect(await stored('items')).toHaveLength(0)
  })

  it('of everything is refused, as an update of everything is', async () => {
    const deleted = await db.from('items').delete()
    expect(deleted).toMatchObject({
      status: 400,
      error: { code: '21000', message: 'DELETE requires a WHERE clause' },
    })
    const updated = await db.from('items').update({ name: 'x' })
    expect(updated.error).toMatchObject({ message: 'UPDATE requires a WHERE clause' })
    expect(await stored('items')).toHaveLength(2)
  })
})
