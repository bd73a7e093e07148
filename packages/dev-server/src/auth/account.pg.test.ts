import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../../test/authServer.js'

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer()
})
afterAll(() => server.stop())

describe('the user', () => {
  test('asks for themselves, and changes metadata, address and password', async () => {
    const { supabase, user, email } = await server.signedUp('change')
    await supabase.auth.updateUser({ data: { nick: 'A', gone: 1 } })
    await supabase.auth.updateUser({ data: { gone: null }, email: 'changed@example.com' })
    const { data } = await supabase.auth.getUser()
    expect(data.user).toMatchObject({
      id: user.id,
      email: 'changed@example.com',
      user_metadata: { nick: 'A' },
    })
    expect(data.user?.user_metadata).not.toHaveProperty('gone')
    expect((await server.fresh().auth.signInWithPassword({ email, password })).error).not.toBeNull()
  })

  test('a new password ends the other sessions and keeps this one; the old password is refused as new', async () => {
    const { supabase, email } = await server.signedUp('fresh')
    const other = server.fresh()
    await other.auth.signInWithPassword({ email, password })
    expect((await supabase.auth.updateUser({ password })).error).toMatchObject({ code: 'same_password' })
    await supabase.auth.updateUser({ password: 'another-secret' })
    expect((await supabase.auth.getUser()).error).toBeNull()
    expect((await other.auth.getUser()).data.user).toBeNull()
    expect(
      (await server.fresh().auth.signInWithPassword({ email, password: 'another-secret' })).error,
    ).toBeNull()
  })

  test('an address that another user has is refused', async () => {
    const { email } = await server.signedUp('owner')
    const { supabase } = await server.signedUp('taker')
    expect((await supabase.auth.updateUser({ email })).error).toMatchObject({
      code: 'email_exists',
      status: 422,
    })
  })

  test('an expired token and one of another project are refused with bad_jwt', async () => {
    const { session } = await server.signedUp('late')
    server.clock.advance(3_601_000)
    const expired = await server.fresh().auth.getUser(session.access_token)
    server.clock.reset()
    expect(expired.error).toMatchObject({ code: 'bad_jwt', status: 403 })
    const foreign = await server.fresh().auth.getUser(`${session.access_token.slice(0, -6)}AAAAAA`)
    expect(foreign.error).toMatchObject({ code: 'bad_jwt', status: 403 })
  })

  test('claims are verified through the user endpoint, as with every HS256 project', async () => {
    const { supabase, user } = await server.signedUp('claims')
    const { data } = await supabase.auth.getClaims()
    expect(data?.claims.sub).toBe(user.id)
  })
})

describe('sign-out', () => {
  test('ends all sessions, this one, or the other ones', async () => {
    const { supabase, email } = await server.signedUp('out')
    const [second, third] = [server.fresh(), server.fresh()]
    await second.auth.signInWithPassword({ email, password })
    await third.auth.signInWithPassword({ email, password })
    const token = (await second.auth.getSession()).data.session?.access_token
    await second.auth.signOut({ scope: 'local' })
    expect((await server.fresh().auth.getUser(token)).data.user).toBeNull()
    expect((await third.auth.getUser()).error).toBeNull()
    await supabase.auth.signOut({ scope: 'others' })
    expect((await third.auth.getUser()).data.user).toBeNull()
    expect((await supabase.auth.getUser()).error).toBeNull()
    const last = (await supabase.auth.getSession()).data.session
    await supabase.auth.signOut()
    expect((await server.refresh(last?.refresh_token ?? '')).error).toMatchObject({
      code: 'refresh_token_not_found',
    })
  })
})

describe('identities', () => {
  test('are neither added nor taken where the project does not say so', async () => {
    const { supabase } = await server.signedUp('linker')
    const [own = raise()] = (await supabase.auth.getUserIdentities()).data?.identities ?? []
    const disabled = { code: 'manual_linking_disabled', status: 404 }
    expect((await supabase.auth.unlinkIdentity(own)).error).toMatchObject(disabled)
    expect((await supabase.auth.linkIdentity({ provider: 'github' })).error).toMatchObject(disabled)
  })

  test('a user has one by address, which follows the address and cannot be the last to go', async () => {
    const linking = await startAuthServer(undefined, { auth: { manualLinking: true } })
    const { supabase, user, email } = await linking.signedUp('identity')
    const { data } = await supabase.auth.getUserIdentities()
    expect(data?.identities).toEqual([
      expect.objectContaining({ provider: 'email', user_id: user.id, id: user.id, email }),
    ])
    await supabase.auth.updateUser({ email: 'other@example.com' })
    const changed = (await supabase.auth.getUserIdentities()).data?.identities[0]
    expect(changed?.identity_data).toMatchObject({ email: 'other@example.com', email_verified: true })
    const last = changed ?? raise()
    expect((await supabase.auth.unlinkIdentity(last)).error).toMatchObject({
      code: 'single_identity_not_deletable',
    })
    await linking.sql(
      `insert into auth.identities (provider_id, user_id, identity_data, provider) values ('1', $1, '{}', 'github')`,
      [user.id],
    )
    expect((await supabase.auth.unlinkIdentity(last)).error).toBeNull()
    expect((await supabase.auth.unlinkIdentity(last)).error).toMatchObject({ code: 'identity_not_found' })
    expect((await supabase.auth.linkIdentity({ provider: 'github' })).error).toMatchObject({ status: 400 })
    await linking.stop()
  })
})

function raise(): never {
  throw new Error('There is no identity')
}
