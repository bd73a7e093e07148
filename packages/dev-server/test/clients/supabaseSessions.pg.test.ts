/** What `supabase-js` does with sessions and channels over their whole life. */
import { createClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../authServer.js'
import { startDevServer } from '../../src/index.js'
import { until } from '../wait.js'

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer()
})
afterEach(() => server.clock.reset())
afterAll(() => server.stop())

describe('a session of supabase-js', () => {
  test('is told of from its beginning to its end', async () => {
    const supabase = server.fresh()
    const told: string[] = []
    supabase.auth.onAuthStateChange((event) => void told.push(event))
    const credentials = { email: 'told@example.com', password }
    await supabase.auth.signUp(credentials)
    await supabase.auth.refreshSession()
    await supabase.auth.updateUser({ data: { color: 'red' } })
    expect((await supabase.auth.getUser()).data.user?.user_metadata).toMatchObject({ color: 'red' })
    await supabase.auth.signOut()
    expect((await supabase.auth.getSession()).data.session).toBeNull()
    expect(told.filter((event) => event !== 'INITIAL_SESSION')).toEqual([
      'SIGNED_IN',
      'TOKEN_REFRESHED',
      'USER_UPDATED',
      'SIGNED_OUT',
    ])
  })

  test('moves to another client, and is refreshed there when it has expired', async () => {
    const { session } = await server.signedUp('mover')
    const { access_token, refresh_token } = session
    const other = server.fresh()
    expect((await other.auth.setSession({ access_token, refresh_token })).error).toBeNull()
    expect((await other.auth.getClaims()).data?.claims.email).toBe('mover@example.com')
    expect((await other.auth.getUserIdentities()).data?.identities).toHaveLength(1)
    const [header, , signature] = access_token.split('.')
    const claims = Buffer.from(JSON.stringify({ exp: 1 })).toString('base64url')
    const third = server.fresh()
    const old = { access_token: [header, claims, signature].join('.'), refresh_token }
    const { data, error } = await third.auth.setSession(old)
    expect([error, data.session?.user.email]).toEqual([null, 'mover@example.com'])
  })

  test('ends here, elsewhere, or everywhere', async () => {
    const { supabase, email } = await server.signedUp('scopes')
    const [second, third] = [server.fresh(), server.fresh()]
    await Promise.all([second, third].map(({ auth }) => auth.signInWithPassword({ email, password })))
    const alive = async () => {
      const users = await Promise.all([supabase, second, third].map(({ auth }) => auth.getUser()))
      return users.map(({ error }) => error === null)
    }
    expect(await alive()).toEqual([true, true, true])
    await second.auth.signOut({ scope: 'local' })
    expect(await alive()).toEqual([true, false, true])
    await third.auth.signOut({ scope: 'others' })
    expect(await alive()).toEqual([false, false, true])
    const token = (await third.auth.getSession()).data.session?.access_token ?? ''
    expect((await (await server.admin()).signOut(token, 'global')).error).toBeNull()
    expect(await alive()).toEqual([false, false, false])
  })
})

test('a session is refreshed by itself before it ends, until that is stopped', async () => {
  const email = 'refreshes@example.com'
  const brief = await startDevServer({ port: 0, database: { copyOf: server.databaseUrl }, jwtExpiry: 60 })
  const { auth } = createClient(brief.url, brief.anonKey, { auth: { persistSession: false } })
  const told: string[] = []
  auth.onAuthStateChange((event) => void told.push(event))
  await auth.signUp({ email, password })
  await auth.startAutoRefresh()
  await until('it is refreshed', () => told.includes('TOKEN_REFRESHED'))
  await auth.stopAutoRefresh()
  const token = (await auth.getSession()).data.session?.access_token ?? ''
  expect((await auth.getUser(token)).data.user?.email).toBe(email)
  await auth.signOut()
  await brief.stop()
})

describe('the channels of supabase-js', () => {
  test('live on a connection whose state and heartbeats are told', async () => {
    const { realtime } = server.fresh()
    const beats: string[] = []
    realtime.onHeartbeat((state) => void beats.push(state))
    expect(realtime.isConnected()).toBe(false)
    realtime.connect()
    await until('it is open', () => realtime.isConnected())
    expect(realtime.connectionState()).toBe('open')
    await realtime.sendHeartbeat()
    await until('it is answered', () => beats.includes('ok'))
    expect(beats[0]).toBe('sent')
    await realtime.disconnect()
    expect(realtime.isConnected()).toBe(false)
  })

  test('are kept, found again, and removed', async () => {
    const supabase = server.fresh()
    const heard: unknown[] = []
    const room = supabase.channel('room', { config: { broadcast: { self: true, ack: true } } })
    room.on('broadcast', { event: 'hello' }, ({ payload }) => heard.push(payload))
    await new Promise<void>((resolve) => room.subscribe((state) => state === 'SUBSCRIBED' && resolve()))
    expect(supabase.channel('room')).toBe(room)
    expect(supabase.getChannels()).toEqual([room])
    expect(await room.send({ type: 'broadcast', event: 'hello', payload: { n: 1 } })).toBe('ok')
    expect(await room.httpSend('hello', { n: 2 })).toMatchObject({ success: true })
    await until('both are heard', () => heard.length === 2)
    expect(await supabase.removeChannel(room)).toBe('ok')
    expect(supabase.getChannels()).toEqual([])
  })
})
