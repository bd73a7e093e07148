import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../../test/authServer.js'

let server: AuthServer
afterEach(() => server.stop())

const schema = `
  create table public.profiles (id uuid primary key references auth.users (id) on delete cascade, name text unique);
  alter table public.profiles enable row level security;
  create policy own on public.profiles using (auth.uid() = id);
  create function public.on_user() returns trigger language plpgsql security definer set search_path = '' as $$
    begin insert into public.profiles values (new.id, new.raw_user_meta_data ->> 'name'); return new; end $$;
  create trigger on_user after insert on auth.users for each row execute function public.on_user();`

describe('anonymous users', () => {
  test('have a session without an address, see their own rows, and become lasting users', async () => {
    server = await startAuthServer(schema, { auth: { anonymous: true } })
    const supabase = server.fresh()
    const { data } = await supabase.auth.signInAnonymously({ options: { data: { name: 'nobody' } } })
    expect(data.user).toMatchObject({ is_anonymous: true, email: '', identities: [], app_metadata: {} })
    expect(decodeJwt(data.session?.access_token ?? '')).toMatchObject({
      is_anonymous: true,
      role: 'authenticated',
      amr: [{ method: 'anonymous' }],
    })
    expect((await supabase.from('profiles').select('name')).data).toEqual([{ name: 'nobody' }])
    const changed = await supabase.auth.updateUser({ email: 'now@example.com', password })
    expect(changed.data.user).toMatchObject({ is_anonymous: false, identities: [{ provider: 'email' }] })
    const again = await server.fresh().auth.signInWithPassword({ email: 'now@example.com', password })
    expect(again.data.user?.id).toBe(data.user?.id)
  })
})

describe("an app's trigger on auth.users", () => {
  test('that fails takes the user back, and is answered as an unexpected failure', async () => {
    server = await startAuthServer(schema)
    const signUp = (email: string) =>
      server.fresh().auth.signUp({ email, password, options: { data: { name: 'same' } } })
    expect((await signUp('one@example.com')).error).toBeNull()
    const second = await signUp('two@example.com')
    expect(second.error).toMatchObject({
      status: 500,
      message: 'Database error saving new user',
    })
    expect(await server.sql('select email from auth.users')).toEqual([{ email: 'one@example.com' }])
  })
})

describe('what a project sets', () => {
  test('sign-ups are closed, passwords are longer, and the settings say so', async () => {
    server = await startAuthServer('select 1', { auth: { emailSignUp: false, minimumPasswordLength: 10 } })
    const closed = await server.fresh().auth.signUp({ email: 'a@example.com', password })
    expect(closed.error).toMatchObject({ code: 'email_provider_disabled' })
    const admin = await server.admin()
    const weak = await admin.createUser({ email: 'a@example.com', password: '123456789' })
    expect(weak.error).toMatchObject({ code: 'weak_password' })
    const settings = await (await fetch(`${server.url}/auth/v1/settings`)).json()
    expect(settings).toMatchObject({
      external: { email: false, anonymous_users: false },
      disable_signup: false,
    })
  })

  test('where addresses are confirmed, a sign-up gives no session and tells nobody who is a user', async () => {
    server = await startAuthServer('select 1', { auth: { autoconfirm: false } })
    const credentials = { email: 'slow@example.com', password }
    const first = await server.fresh().auth.signUp(credentials)
    expect(first.data).toMatchObject({ session: null, user: { identities: [{ provider: 'email' }] } })
    expect((await server.fresh().auth.signInWithPassword(credentials)).error).toMatchObject({
      code: 'email_not_confirmed',
    })
    const second = await server.fresh().auth.signUp(credentials)
    expect(second).toMatchObject({
      error: null,
      data: { user: { email: credentials.email, identities: [] } },
    })
    expect(await server.sql('select count(*) from auth.users')).toEqual([{ count: '1' }])
  })

  test('without rotation a refresh token is good again and again', async () => {
    server = await startAuthServer('select 1', { auth: { rotation: false } })
    const { session } = await server.signedUp('still')
    for (let round = 0; round < 2; round += 1) {
      server.clock.advance(60_000)
      const { data } = await server.refresh(session.refresh_token)
      expect(data.session?.refresh_token).toBe(session.refresh_token)
    }
  })

  test('the reuse interval can be none', async () => {
    server = await startAuthServer('select 1', { auth: { reuseInterval: 0 } })
    const { session } = await server.signedUp('strict')
    const second = await server.refresh(session.refresh_token)
    await server.refresh(second.data.session?.refresh_token ?? '')
    server.clock.advance(1)
    expect((await server.refresh(session.refresh_token)).error).toMatchObject({
      code: 'refresh_token_already_used',
    })
  })
})

describe('signing keys', () => {
  test.each(['ES256', 'RS256'])(
    '%s: clients verify a session by the published key, without asking',
    async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      // As `supabase gen signing-key` makes it.
      const usage = { use: 'sig', key_ops: ['sign', 'verify'], ext: true }
      const key = { ...(await exportJWK(privateKey)), ...usage, alg, kid: alg }
      server = await startAuthServer('create table public.notes (id int)', { signingKeys: [key] })
      const { supabase, session, user } = await server.signedUp('signed')
      expect(decodeProtectedHeader(session.access_token)).toMatchObject({ alg, kid: alg })
      const { keys } = (await (await fetch(`${server.url}/auth/v1/.well-known/jwks.json`)).json()) as {
        keys: object[]
      }
      expect(keys).toEqual([expect.objectContaining({ kid: alg, alg })])
      expect(keys[0]).not.toHaveProperty('d')
      const { data } = await supabase.auth.getClaims()
      expect(data).toMatchObject({ claims: { sub: user.id }, header: { alg } })
      expect((await supabase.from('notes').select()).error).toBeNull()
      expect((await server.admin().then((admin) => admin.listUsers())).error).toBeNull()
    },
  )

  test('a token signed with the public key as a secret, or with another key of that name, is refused', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    server = await startAuthServer('create table public.notes (id int)', {
      signingKeys: [{ ...(await exportJWK(privateKey)), kid: 'k' }],
    })
    const claims = () => new SignJWT({ role: 'service_role', exp: 4_000_000_000 })
    const confused = await claims()
      .setProtectedHeader({ alg: 'HS256', kid: 'k' })
      .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey))))
    const stranger = await claims()
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .sign((await generateKeyPair('ES256')).privateKey)
    for (const token of [confused, stranger]) {
      const answer = await fetch(`${server.url}/rest/v1/notes`, {
        headers: { Authorization: `Bearer ${token}` },
      })
      expect(answer.status).toBe(401)
    }
  })
})
