import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.clients (id int primary key, name text);
create table public.trips (id int primary key, start_id int references clients, end_id int references clients);
create table public.guides (client_id int references clients, trip_id int references trips, primary key (client_id, trip_id));
create table public.loose (id int primary key);
`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema)
})
afterAll(() => server.stop())

async function ask(path: string): Promise<[number, any]> {
  const answer = await fetch(`${server.url}/rest/v1${path}`, { headers: { apikey: server.anonKey } })
  return [answer.status, await answer.json()]
}

describe('a relationship', () => {
  it('that is not there is PGRST200, with what was searched for and the nearest name', async () => {
    expect(await ask('/clients?select=tripps(*)')).toEqual([
      400,
      {
        code: 'PGRST200',
        message: "Could not find a relationship between 'clients' and 'tripps' in the schema cache",
        details:
          "Searched for a foreign key relationship between 'clients' and 'tripps' in the schema 'public', but no matches were found.",
        hint: "Perhaps you meant 'trips' instead of 'tripps'.",
      },
    ])
    expect(await ask('/clients?select=trips!nowhere(*)')).toMatchObject([
      400,
      {
        code: 'PGRST200',
        details: expect.stringContaining("'trips' using the hint 'nowhere' in"),
        hint: null,
      },
    ])
    expect(await ask('/loose?select=clients(*)')).toMatchObject([400, { code: 'PGRST200', hint: null }])
  })

  it('that could be several is PGRST201, with all of them and how each is named', async () => {
    const [status, error] = await ask('/trips?select=id,clients(*)')
    expect(status).toBe(300)
    expect(error).toEqual({
      code: 'PGRST201',
      message: "Could not embed because more than one relationship was found for 'trips' and 'clients'",
      details: [
        {
          cardinality: 'many-to-one',
          embedding: 'trips with clients',
          relationship: 'trips_end_id_fkey using trips(end_id) and clients(id)',
        },
        {
          cardinality: 'many-to-one',
          embedding: 'trips with clients',
          relationship: 'trips_start_id_fkey using trips(start_id) and clients(id)',
        },
        {
          cardinality: 'many-to-many',
          embedding: 'trips with clients',
          relationship: 'guides using guides_trip_id_fkey(trip_id) and guides_client_id_fkey(client_id)',
        },
      ],
      hint: "Try changing 'clients' to one of the following: 'clients!trips_end_id_fkey', 'clients!trips_start_id_fkey', 'clients!guides'. Find the desired relationship in the 'details' key.",
    })
    for (const hint of ['trips_end_id_fkey', 'start_id', 'guides']) {
      expect((await ask(`/trips?select=clients!${hint}(*)`))[0], hint).toBe(200)
    }
  })

  it('of what is not embedded cannot be filtered, ordered or cut', async () => {
    for (const parameter of [
      'clients.name=eq.x',
      'clients.order=id',
      'clients.limit=1',
      'clients.or=(id.eq.1)',
    ]) {
      expect(await ask(`/trips?select=id&${parameter}`), parameter).toEqual([
        400,
        {
          code: 'PGRST108',
          message: "'clients' is not an embedded resource in this request",
          details: null,
          hint: "Verify that 'clients' is included in the 'select' query parameter.",
        },
      ])
    }
    expect(await ask('/clients?select=id,trips!start_id(id)&order=trips(id)')).toMatchObject([
      400,
      {
        code: 'PGRST118',
        message: "A related order on 'trips' is not possible",
        details: "'clients' and 'trips' do not form a many-to-one or one-to-one relationship",
      },
    ])
  })

  it('is there as soon as its foreign key is', async () => {
    await server.sql('alter table loose add column client_id int references clients')
    expect(await ask('/loose?select=id,clients(name)')).toEqual([200, []])
    await server.sql('create view loose_view as select id, client_id from loose')
    expect(await ask('/loose_view?select=id,clients(name)')).toEqual([200, []])
    await server.sql('alter table loose drop column client_id cascade')
    expect(await ask('/loose?select=id,clients(name)')).toMatchObject([400, { code: 'PGRST200' }])
  })

  it('shows through views of views, joined and materialized ones, and once for each way it is shown', async () => {
    await server.sql(
      'create view trips_v as select id as trip, start_id as s, end_id as e, 1 + 1 as two from trips',
    )
    await server.sql('create view trips_vv as select trip, s from trips_v where two = 2')
    await server.sql('create materialized view clients_m as select id as client, name from clients')
    await server.sql(
      'create view both_v as select t.id, t.start_id as x, t.start_id as y, c.name from trips t join clients c on c.id = t.end_id',
    )
    await server.sql(`insert into clients values (1, 'Ann'), (2, 'Bob')`)
    await server.sql('insert into trips values (1, 1, 2)')
    await server.sql('refresh materialized view clients_m')
    expect(await ask('/trips_vv?select=trip,clients!s(name)')).toEqual([
      200,
      [{ trip: 1, clients: { name: 'Ann' } }],
    ])
    expect(await ask('/trips_vv?select=trip,clients_m!s(client)')).toEqual([
      200,
      [{ trip: 1, clients_m: { client: 1 } }],
    ])
    expect(await ask('/clients?select=id,trips_vv!trips_start_id_fkey(trip)&order=id')).toEqual([
      200,
      [
        { id: 1, trips_vv: [{ trip: 1 }] },
        { id: 2, trips_vv: [] },
      ],
    ])
    expect(await ask('/both_v?select=id,clients!x(name)')).toEqual([
      200,
      [{ id: 1, clients: { name: 'Ann' } }],
    ])
    expect(await ask('/both_v?select=id,clients(name)')).toMatchObject([300, { code: 'PGRST201' }])
  })

  it('with long names stays apart from its neighbours', async () => {
    const long = 'n'.repeat(60)
    await server.sql(`create table "${long}" (id int primary key, other int references "${long}")`)
    await server.sql(`insert into "${long}" values (1, null), (2, 1)`)
    expect(await ask(`/${long}?select=id,other(id,other(id))&order=id`)).toEqual([
      200,
      [
        { id: 1, other: null },
        { id: 2, other: { id: 1, other: null } },
      ],
    ])
  })
})
