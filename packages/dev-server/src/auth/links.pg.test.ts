import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../../test/authServer.js'

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer('select 1', { auth: { siteUrl: 'http://localhost:5173' } })
})
afterAll(() => server.stop())

describe('links', () => {
  test('confirm a sign-up by their hash, once', async () => {
    const admin = await server.admin()
    const { data } = await admin.generateLink({ type: 'signup', email: 'new@example.com', password })
    const hash = data.properties?.hashed_token ?? ''
    const verified = await server.fresh().auth.verifyOtp({ type: 'signup', token_hash: hash })
    expect(verified.data.user).toMatchObject({ email: 'new@example.com', id: data.user?.id })
    expect(verified.data.user?.email_confirmed_at).toBeTruthy()
    const again = await server.fresh().auth.verifyOtp({ type: 'signup', token_hash: hash })
    expect(again.error).toMatchObject({ code: 'otp_expired', status: 403 })
  })

  test('begin a session by address and code, within an hour', async () => {
    const admin = await server.admin()
    const email = 'magic@example.com'
    const codeOf = async () =>
      (await admin.generateLink({ type: 'magiclink', email })).data.properties?.email_otp ?? ''
    const { data } = await server.fresh().auth.verifyOtp({ type: 'email', email, token: await codeOf() })
    expect(data.session?.access_token).toBeTruthy()
    const late = await codeOf()
    server.clock.advance(3_600_001)
    expect((await server.fresh().auth.verifyOtp({ type: 'email', email, token: late })).error?.code).toBe(
      'otp_expired',
    )
    server.clock.reset()
  })

  test('lead to the app with the session, or with the reason why there is none', async () => {
    const { email } = await server.signedUp('forgetful')
    const admin = await server.admin()
    const { data } = await admin.generateLink({ type: 'recovery', email })
    const follow = () => fetch(data.properties?.action_link ?? '', { redirect: 'manual' })
    const to = new URL((await follow()).headers.get('location') ?? '')
    expect(to.origin).toBe('http://localhost:5173')
    const session = Object.fromEntries(new URLSearchParams(to.hash.slice(1)))
    expect(session).toMatchObject({
      token_type: 'bearer',
      type: 'recovery',
      refresh_token: expect.any(String),
    })
    expect((await server.fresh().auth.getUser(session.access_token)).data.user?.email).toBe(email)
    expect((await follow()).headers.get('location')).toContain('#error=access_denied&error_code=otp_expired')
  })

  test('change an address, and are for the service role alone', async () => {
    const { email, user, supabase } = await server.signedUp('moves')
    const admin = await server.admin()
    const { data } = await admin.generateLink({
      type: 'email_change_new',
      email,
      newEmail: 'moved@example.com',
    })
    const token_hash = data.properties?.hashed_token ?? ''
    const verified = await server.fresh().auth.verifyOtp({ type: 'email_change', token_hash })
    expect(verified.data.user).toMatchObject({ id: user.id, email: 'moved@example.com' })
    expect((await supabase.auth.admin.generateLink({ type: 'magiclink', email })).error).toMatchObject({
      code: 'not_admin',
    })
    expect((await admin.generateLink({ type: 'recovery', email: 'none@example.com' })).error).toMatchObject({
      code: 'user_not_found',
    })
  })
})
