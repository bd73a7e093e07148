import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, startAuthServer } from '../../test/authServer.js'

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer()
})
afterAll(() => server.stop())

describe('refresh', () => {
  test('a refresh token is traded for another one', async () => {
    const { session } = await server.signedUp('rotate')
    const { data } = await server.refresh(session.refresh_token)
    expect(data.session?.refresh_token).not.toBe(session.refresh_token)
    expect(data.session?.user.email).toBe('rotate@example.com')
  })

  test('the answer of a refresh that was lost is given again, however late', async () => {
    const { session } = await server.signedUp('lost')
    const first = await server.refresh(session.refresh_token)
    server.clock.advance(60_000)
    const again = await server.refresh(session.refresh_token)
    server.clock.reset()
    expect(again.data.session?.refresh_token).toBe(first.data.session?.refresh_token)
  })

  test('tabs that refresh at once go on with one token', async () => {
    const { session } = await server.signedUp('tabs')
    const tabs = await Promise.all([1, 2, 3].map(() => server.refresh(session.refresh_token)))
    const tokens = new Set(tabs.map(({ data }) => data.session?.refresh_token))
    expect([...tokens]).toEqual([expect.any(String)])
  })

  test('a token that was left behind may be used for ten seconds, then it ends the session', async () => {
    const { session } = await server.signedUp('stolen')
    const second = await server.refresh(session.refresh_token)
    await server.refresh(second.data.session?.refresh_token ?? '')
    const soon = await server.refresh(session.refresh_token)
    const third = await server.refresh(soon.data.session?.refresh_token ?? '')
    server.clock.advance(11_000)
    const late = await server.refresh(session.refresh_token)
    const after = await server.refresh(third.data.session?.refresh_token ?? '')
    server.clock.reset()
    expect(late.error).toMatchObject({ code: 'refresh_token_already_used', status: 400 })
    expect(after.error).toMatchObject({ code: 'refresh_token_not_found' })
  })

  test('an unknown token is refused', async () => {
    const { error } = await server.refresh('nonsense')
    expect(error).toMatchObject({ code: 'refresh_token_not_found', status: 400 })
  })
})
