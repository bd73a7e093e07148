import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../../test/authServer.js'

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer()
})
afterAll(() => server.stop())

describe('the admin', () => {
  test('makes, reads, lists, changes and deletes users', async () => {
    const admin = await server.admin()
    const email = 'made@example.com'
    const made = await admin.createUser({ email, password, email_confirm: true, user_metadata: { a: 1 } })
    const id = made.data.user?.id ?? ''
    expect(made.data.user).toMatchObject({ email, user_metadata: { a: 1 } })
    expect((await server.fresh().auth.signInWithPassword({ email, password })).error).toBeNull()
    await admin.updateUserById(id, { app_metadata: { plan: 'pro' }, user_metadata: { a: null } })
    const read = await admin.getUserById(id)
    expect(read.data.user).toMatchObject({
      app_metadata: { plan: 'pro', provider: 'email' },
      user_metadata: {},
    })
    await server.signedUp('another')
    const listed = await admin.listUsers({ page: 1, perPage: 1 })
    expect(listed.data.users).toHaveLength(1)
    expect(listed.data).toMatchObject({ nextPage: 2, total: expect.any(Number) })
    expect((await admin.deleteUser(id)).error).toBeNull()
    expect((await admin.getUserById(id)).error).toMatchObject({ code: 'user_not_found', status: 404 })
  })

  test('deletes softly: what refers to the user stays, and nothing of whom it was', async () => {
    const { user, email, session } = await server.signedUp('soft')
    expect((await (await server.admin()).deleteUser(user.id, true)).error).toBeNull()
    expect((await server.fresh().auth.signInWithPassword({ email, password })).error).not.toBeNull()
    expect((await server.refresh(session.refresh_token)).error).not.toBeNull()
    const [kept] = await server.sql('select email, deleted_at from auth.users where id = $1', [user.id])
    expect(kept).toEqual({ email: expect.not.stringContaining('@'), deleted_at: expect.any(Date) })
  })

  test('a user who is not confirmed or is banned cannot sign in', async () => {
    const admin = await server.admin()
    const email = 'waiting@example.com'
    const strange = await admin.createUser({ email: 'xx:;x@x.x', password })
    expect(strange.error?.message).toBe('Unable to validate email address: invalid format')
    const made = await admin.createUser({ email, password })
    const id = made.data.user?.id ?? ''
    const signIn = async () => (await server.fresh().auth.signInWithPassword({ email, password })).error
    expect(await signIn()).toMatchObject({ code: 'email_not_confirmed' })
    await admin.updateUserById(id, { email_confirm: true, ban_duration: '1h30m' })
    expect(await signIn()).toMatchObject({ code: 'user_banned' })
    server.clock.advance(5_401_000)
    expect(await signIn()).toBeNull()
    server.clock.reset()
    await admin.updateUserById(id, { ban_duration: 'none' })
    expect(await signIn()).toBeNull()
  })

  test('is the service role and nobody else', async () => {
    const { supabase } = await server.signedUp('mere')
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
    const quoted = await server.fresh().auth.signInWithPassword({
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
