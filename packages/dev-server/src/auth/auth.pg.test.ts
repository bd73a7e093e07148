import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'

let server: TestServer
/** How far the server's clock is ahead, in ms. */
let ahead = 0
const password = 'secret-secret'

const client = (): SupabaseClient =>
  createClient(server.url, server.anonKey, { auth: { persistSession: false, autoRefreshToken: false } })

const service = () => server.client('service').then(({ auth }) => auth.admin)

async function signedUp(name: string) {
  const supabase = client()
  const email = `${name}@example.com`
  const { data, error } = await supabase.auth.signUp({ email, password })
  if (error || !data.session || !data.user) throw error ?? new Error('no session')
  return { supabase, email, session: data.session, user: data.user }
}

const refresh = (token: string) => client().auth.refreshSession({ refresh_token: token })

beforeAll(async () => {
  server = await startTestServer('select 1', { clock: () => Date.now() + ahead })
})
afterAll(() => server.stop())

describe('sign-up and sign-in', () => {
  test('a new user has a session whose token names them', async () => {
    const { session, user, email } = await signedUp('new')
    expect(user).toMatchObject({ email, role: 'authenticated', aud: 'authenticated', is_anonymous: false })
    expect(user.app_metadata).toEqual({ provider: 'email', providers: ['email'] })
    expect(session).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
    const claims = decodeJwt(session.access_token)
    expect(claims).toMatchObject({
      sub: user.id,
      aud: 'authenticated',
      role: 'authenticated',
      email,
      aal: 'aal1',
    })
    expect(claims.exp).toBe(session.expires_at)
  })

  test('the password is stored as a hash alone, and opens the account whatever the case of the address', async () => {
    const { email, user } = await signedUp('case')
    const stored = await server.sql<{ hash: string }>(
      'select encrypted_password as hash from auth.users where id = $1',
      [user.id],
    )
    expect(stored[0]?.hash).not.toContain(password)
    const { data } = await client().auth.signInWithPassword({ email: email.toUpperCase(), password })
    expect(data.user?.id).toBe(user.id)
    expect(data.user?.last_sign_in_at).toBeTruthy()
  })

  test('a wrong password and an unknown address get the same refusal', async () => {
    const { email } = await signedUp('wrong')
    const refused = { code: 'invalid_credentials', status: 400, message: 'Invalid login credentials' }
    const wrong = await client().auth.signInWithPassword({ email, password: 'wrong-wrong' })
    expect(wrong.error).toMatchObject(refused)
    const unknown = await client().auth.signInWithPassword({ email: 'nobody@example.com', password })
    expect(unknown.error).toMatchObject(refused)
  })

  test('a known address, a weak password, a bad address and a missing one are told apart', async () => {
    const { email } = await signedUp('known')
    const code = async (credentials: { email: string; password: string }) =>
      (await client().auth.signUp(credentials)).error
    expect(await code({ email, password })).toMatchObject({ code: 'user_already_exists', status: 422 })
    expect(await code({ email: 'weak@example.com', password: '12345' })).toMatchObject({
      name: 'AuthWeakPasswordError',
      reasons: ['length'],
    })
    expect(await code({ email: 'no address', password })).toMatchObject({ code: 'validation_failed' })
    const anonymous = await client().auth.signInAnonymously()
    expect(anonymous.error).toMatchObject({ code: 'anonymous_provider_disabled' })
  })

  test('two sign-ups of one address at once make one user', async () => {
    const both = await Promise.all(
      [1, 2].map(() => client().auth.signUp({ email: 'twice@example.com', password })),
    )
    expect(both.map(({ error }) => error?.code).sort()).toEqual(['user_already_exists', undefined])
  })

  test('a user of a seed signs in with the bcrypt hash that pgcrypto made', async () => {
    await server.sql(
      `insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at)
       values (gen_random_uuid(), 'authenticated', 'authenticated', 'seed@example.com',
         extensions.crypt($1, extensions.gen_salt('bf')), now())`,
      [password],
    )
    const right = await client().auth.signInWithPassword({ email: 'seed@example.com', password })
    expect(right.data.user?.email).toBe('seed@example.com')
    const wrong = await client().auth.signInWithPassword({ email: 'seed@example.com', password: 'not-it' })
    expect(wrong.error).toMatchObject({ code: 'invalid_credentials' })
  })
})

describe('refresh', () => {
  test('a refresh token is traded for another one', async () => {
    const { session } = await signedUp('rotate')
    const { data } = await refresh(session.refresh_token)
    expect(data.session?.refresh_token).not.toBe(session.refresh_token)
    expect(data.session?.user.email).toBe('rotate@example.com')
  })

  test('the answer of a refresh that was lost is given again, however late', async () => {
    const { session } = await signedUp('lost')
    const first = await refresh(session.refresh_token)
    ahead = 60_000
    const again = await refresh(session.refresh_token)
    ahead = 0
    expect(again.data.session?.refresh_token).toBe(first.data.session?.refresh_token)
  })

  test('tabs that refresh at once go on with one token', async () => {
    const { session } = await signedUp('tabs')
    const tabs = await Promise.all([1, 2, 3].map(() => refresh(session.refresh_token)))
    const tokens = new Set(tabs.map(({ data }) => data.session?.refresh_token))
    expect([...tokens]).toEqual([expect.any(String)])
  })

  test('a token that was left behind may be used for ten seconds, then it ends the session', async () => {
    const { session } = await signedUp('stolen')
    const second = await refresh(session.refresh_token)
    await refresh(second.data.session?.refresh_token ?? '')
    const soon = await refresh(session.refresh_token)
    const third = await refresh(soon.data.session?.refresh_token ?? '')
    ahead = 11_000
    const late = await refresh(session.refresh_token)
    const after = await refresh(third.data.session?.refresh_token ?? '')
    ahead = 0
    expect(late.error).toMatchObject({ code: 'refresh_token_already_used', status: 400 })
    expect(after.error).toMatchObject({ code: 'refresh_token_not_found' })
  })

  test('an unknown token is refused', async () => {
    const { error } = await refresh('nonsense')
    expect(error).toMatchObject({ code: 'refresh_token_not_found', status: 400 })
  })
})

describe('the user', () => {
  test('asks for themselves, and changes metadata, address and password', async () => {
    const { supabase, user, email } = await signedUp('change')
    await supabase.auth.updateUser({ data: { nick: 'A', gone: 1 } })
    await supabase.auth.updateUser({ data: { gone: null }, email: 'changed@example.com' })
    const { data } = await supabase.auth.getUser()
    expect(data.user).toMatchObject({
      id: user.id,
      email: 'changed@example.com',
      user_metadata: { nick: 'A' },
    })
    expect(data.user?.user_metadata).not.toHaveProperty('gone')
    expect((await client().auth.signInWithPassword({ email, password })).error).not.toBeNull()
  })

  test('a new password ends the other sessions and keeps this one; the old password is refused as new', async () => {
    const { supabase, email } = await signedUp('fresh')
    const other = client()
    await other.auth.signInWithPassword({ email, password })
    expect((await supabase.auth.updateUser({ password })).error).toMatchObject({ code: 'same_password' })
    await supabase.auth.updateUser({ password: 'another-secret' })
    expect((await supabase.auth.getUser()).error).toBeNull()
    expect((await other.auth.getUser()).data.user).toBeNull()
    expect((await client().auth.signInWithPassword({ email, password: 'another-secret' })).error).toBeNull()
  })

  test('an address that another user has is refused', async () => {
    const { email } = await signedUp('owner')
    const { supabase } = await signedUp('taker')
    expect((await supabase.auth.updateUser({ email })).error).toMatchObject({
      code: 'email_exists',
      status: 422,
    })
  })

  test('an expired token and one of another project are refused with bad_jwt', async () => {
    const { session } = await signedUp('late')
    ahead = 3_601_000
    const expired = await client().auth.getUser(session.access_token)
    ahead = 0
    expect(expired.error).toMatchObject({ code: 'bad_jwt', status: 403 })
    const foreign = await client().auth.getUser(`${session.access_token.slice(0, -6)}AAAAAA`)
    expect(foreign.error).toMatchObject({ code: 'bad_jwt', status: 403 })
  })

  test('claims are verified through the user endpoint, as with every HS256 project', async () => {
    const { supabase, user } = await signedUp('claims')
    const { data } = await supabase.auth.getClaims()
    expect(data?.claims.sub).toBe(user.id)
  })
})

describe('sign-out', () => {
  test('ends all sessions, this one, or the other ones', async () => {
    const { supabase, email } = await signedUp('out')
    const [second, third] = [client(), client()]
    await second.auth.signInWithPassword({ email, password })
    await third.auth.signInWithPassword({ email, password })
    const token = (await second.auth.getSession()).data.session?.access_token
    await second.auth.signOut({ scope: 'local' })
    expect((await client().auth.getUser(token)).data.user).toBeNull()
    expect((await third.auth.getUser()).error).toBeNull()
    await supabase.auth.signOut({ scope: 'others' })
    expect((await third.auth.getUser()).data.user).toBeNull()
    expect((await supabase.auth.getUser()).error).toBeNull()
    const last = (await supabase.auth.getSession()).data.session
    await supabase.auth.signOut()
    expect((await refresh(last?.refresh_token ?? '')).error).toMatchObject({
      code: 'refresh_token_not_found',
    })
  })
})

describe('the admin', () => {
  test('makes, reads, lists, changes and deletes users', async () => {
    const admin = await service()
    const email = 'made@example.com'
    const made = await admin.createUser({ email, password, email_confirm: true, user_metadata: { a: 1 } })
    const id = made.data.user?.id ?? ''
    expect(made.data.user).toMatchObject({ email, user_metadata: { a: 1 } })
    expect((await client().auth.signInWithPassword({ email, password })).error).toBeNull()
    await admin.updateUserById(id, { app_metadata: { plan: 'pro' }, user_metadata: { a: null } })
    const read = await admin.getUserById(id)
    expect(read.data.user).toMatchObject({
      app_metadata: { plan: 'pro', provider: 'email' },
      user_metadata: {},
    })
    const listed = await admin.listUsers({ page: 1, perPage: 1 })
    expect(listed.data.users).toHaveLength(1)
    expect(listed.data).toMatchObject({ nextPage: 2, total: expect.any(Number) })
    expect((await admin.deleteUser(id)).error).toBeNull()
    expect((await admin.getUserById(id)).error).toMatchObject({ code: 'user_not_found', status: 404 })
  })

  test('a user who is not confirmed or is banned cannot sign in', async () => {
    const admin = await service()
    const email = 'waiting@example.com'
    const made = await admin.createUser({ email, password })
    const id = made.data.user?.id ?? ''
    const signIn = async () => (await client().auth.signInWithPassword({ email, password })).error
    expect(await signIn()).toMatchObject({ code: 'email_not_confirmed' })
    await admin.updateUserById(id, { email_confirm: true, ban_duration: '1h30m' })
    expect(await signIn()).toMatchObject({ code: 'user_banned' })
    ahead = 5_401_000
    expect(await signIn()).toBeNull()
    ahead = 0
    await admin.updateUserById(id, { ban_duration: 'none' })
    expect(await signIn()).toBeNull()
  })

  test('is the service role and nobody else', async () => {
    const { supabase } = await signedUp('mere')
    const answer = await fetch(`${server.url}/auth/v1/admin/users`, {
      headers: {
        Authorization: `Bearer ${(await supabase.auth.getSession()).data.session?.access_token ?? ''}`,
      },
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ error_code: 'not_admin' })
  })
})

describe('the wire', () => {
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${server.url}/auth/v1/token?grant_type=password`, { method: 'POST', headers, body })

  test('errors have the form of the version that the client speaks', async () => {
    const body = JSON.stringify({ email: 'nobody@example.com', password })
    const current = await post({ 'X-Supabase-Api-Version': '2024-01-01' }, body)
    expect(current.headers.get('x-supabase-api-version')).toBe('2024-01-01')
    expect(await current.json()).toEqual({
      code: 'invalid_credentials',
      message: 'Invalid login credentials',
    })
    const legacy = await post({}, body)
    expect(await legacy.json()).toEqual({
      code: 400,
      error_code: 'invalid_credentials',
      msg: 'Invalid login credentials',
    })
  })

  test('a body that is not what it should be is a refusal and no failure', async () => {
    for (const body of ['{', '[]', 'null', '{"email":5,"password":[]}']) {
      expect((await post({}, body)).status, body).toBe(400)
    }
    const quoted = await client().auth.signInWithPassword({
      email: `x' or 1=1 --@a.b`,
      password: `' or ''='`,
    })
    expect(quoted.error).toMatchObject({ code: 'invalid_credentials' })
  })

  test('settings, health and keys can be read by everybody; other paths are not there', async () => {
    const get = async (path: string) => {
      const answer = await fetch(`${server.url}/auth/v1/${path}`)
      return { status: answer.status, body: (await answer.json()) as unknown }
    }
    expect(await get('settings')).toMatchObject({ status: 200, body: { external: { email: true } } })
    expect(await get('health')).toMatchObject({ status: 200 })
    expect(await get('.well-known/jwks.json')).toEqual({ status: 200, body: { keys: [] } })
    expect(await get('user')).toMatchObject({ status: 401, body: { error_code: 'no_authorization' } })
    expect(await get('nothing')).toMatchObject({ status: 404 })
  })
})
