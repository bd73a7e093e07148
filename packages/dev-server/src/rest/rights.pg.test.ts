import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const [anna, ben] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

const schema = `
create table public.notes (id int primary key, owner uuid not null default auth.uid(), body text);
alter table public.notes enable row level security;
create policy "owners" on public.notes using (owner = auth.uid()) with check (owner = auth.uid());
insert into notes values (1, '${anna}', 'of Anna'), (2, '${ben}', 'of Ben');
create table public.closed (id int primary key);
revoke all on public.closed from anon, authenticated;
create function whoami() returns json language sql stable as $$
  select json_build_object('uid', auth.uid(), 'role', auth.role(), 'email', auth.email(), 'user', current_user,
    'team', auth.jwt() ->> 'team', 'method', current_setting('request.method'),
    'header', current_setting('request.headers')::json ->> 'x-test')
$$;
`

let server: TestServer
let ofAnna: Client
let ofBen: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  ofAnna = await server.client({ user: anna })
  ofBen = await server.client({ user: ben })
})
afterAll(() => server.stop())

describe('rights', () => {
  it('show each user the rows that the policies allow, and the service all', async () => {
    expect((await ofAnna.from('notes').select('body')).data).toEqual([{ body: 'of Anna' }])
    expect((await ofBen.from('notes').select('body')).data).toEqual([{ body: 'of Ben' }])
    expect((await (await server.client()).from('notes').select('body')).data).toEqual([])
    expect((await (await server.client('service')).from('notes').select('id')).data).toHaveLength(2)
  })

  it('hide from a write what they hide from a read: no row, and no error', async () => {
    expect(await ofAnna.from('notes').update({ body: 'stolen' }).eq('id', 2).select()).toMatchObject({
      status: 200,
      data: [],
    })
    expect(await ofAnna.from('notes').delete().eq('id', 2)).toMatchObject({ status: 204, error: null })
    expect((await ofBen.from('notes').select('body')).data).toEqual([{ body: 'of Ben' }])
  })

  it('refuse a row for somebody else with 403, and with 401 to who is not signed in', async () => {
    const refused = await ofAnna.from('notes').insert({ id: 3, owner: ben, body: 'x' })
    expect(refused).toMatchObject({
      status: 403,
      error: { code: '42501', message: 'new row violates row-level security policy for table "notes"' },
    })
    expect(await (await server.client()).from('notes').insert({ id: 3, owner: ben })).toMatchObject({
      status: 401,
    })
    expect(await ofAnna.from('closed').select()).toMatchObject({ status: 403, error: { code: '42501' } })
  })

  it('see the claims of the token, in this request and in no other', async () => {
    const token = await server.token({ sub: anna, email: 'anna@example.com', team: 'blue' })
    const headers = { apikey: server.anonKey, Authorization: `Bearer ${token}`, 'X-Test': 'yes' }
    const answer = await fetch(`${server.url}/rest/v1/rpc/whoami`, { headers })
    expect(await answer.json()).toEqual({
      uid: anna,
      role: 'authenticated',
      email: 'anna@example.com',
      user: 'authenticated',
      team: 'blue',
      method: 'GET',
      header: 'yes',
    })
    const { data } = await (await server.client()).rpc('whoami')
    expect(data).toMatchObject({ uid: null, role: 'anon', user: 'anon', team: null, method: 'POST' })
  })

  it('stay apart when many users ask at the same moment', async () => {
    const asked = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const client = index % 2 === 0 ? ofAnna : ofBen
        return { index, data: (await client.from('notes').select('body')).data }
      }),
    )
    for (const { index, data } of asked)
      expect(data).toEqual([{ body: index % 2 === 0 ? 'of Anna' : 'of Ben' }])
  })

  it('end with the token: 401, PGRST303 and a challenge', async () => {
    const expired = await server.token({ sub: anna, exp: Math.floor(Date.now() / 1000) - 10 })
    const answer = await ask(expired)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="JWT expired"',
    )
    expect(await answer.json()).toEqual({
      code: 'PGRST303',
      message: 'JWT expired',
      details: null,
      hint: null,
    })
  })

  it('are those of anon without a key, and nobody’s with a broken one or a role that does not exist', async () => {
    const without = await fetch(`${server.url}/rest/v1/notes`)
    const anonymous = await (await server.client()).from('notes').select()
    expect([without.status, await without.json()]).toEqual([200, anonymous.data])
    const broken = await ask('broken')
    expect([broken.status, await broken.json()]).toMatchObject([401, { code: 'PGRST301' }])
    const stranger = await ask(await server.token({ role: 'stranger' }))
    expect([stranger.status, await stranger.json()]).toMatchObject([
      401,
      { message: 'role "stranger" does not exist' },
    ])
  })
})

const ask = (token: string) =>
  fetch(`${server.url}/rest/v1/notes`, {
    headers: { apikey: server.anonKey, Authorization: `Bearer ${token}` },
  })
