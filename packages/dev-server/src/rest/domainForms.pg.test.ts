import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

/** Domains with casts, as PostgREST's documentation of domain representations has them. */
const schema = `
create domain public.color as int not null check (value between 0 and 16777215);
create function public.color_json(color) returns json language sql immutable
  as $$ select to_json('#' || lpad(to_hex($1), 6, '0')) $$;
create function public.color_read(text) returns color language sql immutable
  as $$ select ('x' || lpad(substr($1, 2), 8, '0'))::bit(32)::int::color $$;
create function public.color_of(json) returns color language sql immutable
  as $$ select color_read($1 #>> '{}') $$;
create cast (public.color as json) with function color_json(color) as implicit;
create cast (text as public.color) with function color_read(text) as implicit;
create cast (json as public.color) with function color_of(json) as implicit;

create domain public.shout as text;
create function public.loud(shout) returns json language sql immutable as $$ select to_json(upper($1)) $$;
create cast (public.shout as json) with function loud(shout) as implicit;
create domain public.plain as int;
create function public.twice(plain) returns json language sql immutable as $$ select to_json($1 * 2) $$;
create cast (public.plain as json) with function twice(plain) as assignment;

create table public.owners (id int primary key, skin color);
create table public.pens (
  id int primary key, ink color default 255, says shout, size plain, owner int references owners
);
insert into owners values (1, 65280);
insert into pens values (1, 16711680, 'red', 2, 1), (2, 255, 'blue', 3, null);
`

let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  client = await server.client('service')
})
afterAll(() => server.stop())

const ids = async (asked: PromiseLike<{ data: unknown; error: unknown }>) => {
  const { data, error } = await asked
  expect(error).toBeNull()
  return (data as { id: number }[]).map(({ id }) => id)
}

describe('a domain with casts to and from JSON', () => {
  it('is shown in its own form, asked for by name or not; a cast that is not implicit changes nothing', async () => {
    const red = { id: 1, ink: '#ff0000', says: 'RED', size: 2 }
    const all = await client.from('pens').select().eq('id', 1)
    expect(all.data).toEqual([{ ...red, owner: 1 }])
    const some = await client.from('pens').select('id,tint:ink,owners(*,skin)').eq('id', 1)
    expect(some.data).toEqual([{ id: 1, tint: '#ff0000', owners: { id: 1, skin: '#00ff00' } }])
    const spread = await client.from('pens').select('id,...owners(skin)').order('id')
    expect(spread.data).toEqual([
      { id: 1, skin: '#00ff00' },
      { id: 2, skin: null },
    ])
  })

  it('is filtered and ordered by', async () => {
    const pens = () => client.from('pens').select('id')
    expect(await ids(pens().eq('ink', '#ff0000'))).toEqual([1])
    expect(await ids(pens().neq('ink', '#ff0000'))).toEqual([2])
    expect(await ids(pens().not('ink', 'gt', '#0000ff'))).toEqual([2])
    expect(await ids(pens().in('ink', ['#ff0000', '#0000ff']).order('ink'))).toEqual([2, 1])
    expect(await ids(pens().or('ink.eq.#0000ff,id.eq.9'))).toEqual([2])
    expect(await ids(pens().filter('ink', 'eq(any)', '{#ff0000,#123456}'))).toEqual([1])
    // Without a cast from text, a filter speaks of the value itself.
    expect(await ids(pens().eq('says', 'red'))).toEqual([1])
    expect(await ids(pens().like('says', 'bl*'))).toEqual([2])
  })

  it('is written in its own form', async () => {
    const inserted = await client.from('pens').insert({ id: 3, ink: '#0000aa', says: 'x' }).select()
    expect(inserted.data).toMatchObject([{ id: 3, ink: '#0000aa', says: 'X' }])
    const merged = await client.from('pens').upsert({ id: 3, ink: '#00bb00' }).select('ink,says')
    expect(merged.data).toEqual([{ ink: '#00bb00', says: 'X' }])
    const updated = await client.from('pens').update({ ink: '#cc0000' }).eq('ink', '#00bb00').select('id,ink')
    expect(updated.data).toEqual([{ id: 3, ink: '#cc0000' }])
    const rows = [{ id: 4 }, { id: 5, ink: '#000001' }]
    const defaults = await client
      .from('pens')
      .insert(rows, { defaultToNull: false })
      .select('ink')
      .order('id')
    expect(defaults.data).toEqual([{ ink: '#0000ff' }, { ink: '#000001' }])
    expect(await server.sql('select ink from pens where id = 3')).toEqual([{ ink: 0xcc0000 }])
  })

  it('is understood as soon as its cast is there', async () => {
    await server.sql("create function soft(text) returns shout language sql as 'select lower($1)::shout'")
    await server.sql('create cast (text as public.shout) with function soft(text) as implicit')
    expect(await ids(client.from('pens').select('id').eq('says', 'BLUE'))).toEqual([2])
  })

  it('says what PostgreSQL says of a value that is none', async () => {
    const { error, status } = await client.from('pens').insert({ id: 9, ink: 'nonsense' })
    expect([status, error?.code]).toEqual([400, '22P02'])
  })
})
