import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../../test/authServer.js'

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer()
})
afterAll(() => server.stop())

describe('sign-up and sign-in', () => {
  test('a new user has a session whose token names them', async () => {
    const { session, user, email } = await server.signedUp('new')
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
    const { email, user } = await server.signedUp('case')
    const stored = await server.sql<{ hash: string }>(
      'select encrypted_password as hash from auth.users where id = $1',
      [user.id],
    )
    expect(stored[0]?.hash).not.toContain(password)
    const { data } = await server.fresh().auth.signInWithPassword({ email: email.toUpperCase(), password })
    expect(data.user?.id).toBe(user.id)
    expect(data.user?.last_sign_in_at).toBeTruthy()
  })

  test('a wrong password and an unknown address get the same refusal', async () => {
    const { email } = await server.signedUp('wrong')
    const refused = { code: 'invalid_credentials', status: 400, message: 'Invalid login credentials' }
    const wrong = await server.fresh().auth.signInWithPassword({ email, password: 'wrong-wrong' })
    expect(wrong.error).toMatchObject(refused)
    const unknown = await server.fresh().auth.signInWithPassword({ email: 'nobody@example.com', password })
    expect(unknown.error).toMatchObject(refused)
  })

  test('a known address, a weak password, a bad address and a missing one are told apart', async () => {
    const { email } = await server.signedUp('known')
    const code = async (credentials: { email: string; password: string }) =>
      (await server.fresh().auth.signUp(credentials)).error
    expect(await code({ email, password })).toMatchObject({ code: 'user_already_exists', status: 422 })
    expect(await code({ email: 'weak@example.com', password: '12345' })).toMatchObject({
      name: 'AuthWeakPasswordError',
      reasons: ['length'],
    })
    expect(await code({ email: 'no address', password })).toMatchObject({ code: 'validation_failed' })
    const anonymous = await server.fresh().auth.signInAnonymously()
    expect(anonymous.error).toMatchObject({ code: 'anonymous_provider_disabled' })
  })

  test('two sign-ups of one address at once make one user', async () => {
    const both = await Promise.all(
      [1, 2].map(() => server.fresh().auth.signUp({ email: 'twice@example.com', password })),
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
    const right = await server.fresh().auth.signInWithPassword({ email: 'seed@example.com', password })
    expect(right.data.user?.email).toBe('seed@example.com')
    const wrong = await server
      .fresh()
      .auth.signInWithPassword({ email: 'seed@example.com', password: 'not-it' })
    expect(wrong.error).toMatchObject({ code: 'invalid_credentials' })
  })
})
