import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type AuthServer, password, startAuthServer } from '../../test/authServer.js'
import { startDevServer } from '../index.js'
import { codeAt } from './totp.js'

/** A policy as the documentation of second factors has it: whoever has one must have shown it. */
const sql = `
  create table public.secrets (id int primary key);
  insert into secrets values (1);
  alter table secrets enable row level security;
  grant select on auth.mfa_factors to authenticated;
  create policy "shown where there is one" on secrets to authenticated using (
    array[(select auth.jwt() ->> 'aal')] <@ (
      select case when count(id) > 0 then array['aal2'] else array['aal1', 'aal2'] end
      from auth.mfa_factors where (select auth.uid()) = user_id and status = 'verified'));`

let server: AuthServer
beforeAll(async () => {
  server = await startAuthServer(sql, { auth: { totpEnroll: true, totpVerify: true, mostFactors: 3 } })
})
afterEach(() => server.clock.reset())
afterAll(() => server.stop())

async function enrolled({ auth }: SupabaseClient, friendlyName = 'phone') {
  const { data, error } = await auth.mfa.enroll({ factorType: 'totp', friendlyName })
  if (error) throw error
  return { factorId: data.id, ...data.totp }
}
const code = (secret: string) => codeAt(secret, server.clock.now())

/** A user with a factor that is verified, in a session that has shown it. */
async function raised(name: string) {
  const { supabase, email } = await server.signedUp(name)
  const factor = await enrolled(supabase)
  const { error } = await supabase.auth.mfa.challengeAndVerify({ ...factor, code: code(factor.secret) })
  expect(error).toBeNull()
  return { supabase, email, ...factor }
}

const level = async ({ auth }: SupabaseClient) => {
  const { data } = await auth.mfa.getAuthenticatorAssuranceLevel()
  return [data?.currentLevel, data?.nextLevel]
}
const codeOf = ({ error }: { error: { code?: string | undefined; status?: number | undefined } | null }) => [
  error?.status,
  error?.code,
]

describe('an authenticator app', () => {
  test('is enrolled, verified by its code, and raises the session', async () => {
    const { supabase } = await server.signedUp('enrols')
    const { factorId, secret, uri, qr_code: picture } = await enrolled(supabase)
    expect(picture).toMatch(/^data:image\/svg\+xml;utf-8,<svg .*<\/svg>$/)
    expect(uri).toContain(`127.0.0.1:3000:enrols@example.com?algorithm=SHA1`)
    expect(uri).toContain(`secret=${secret}`)
    expect(await level(supabase)).toEqual(['aal1', 'aal1'])
    const asked = await supabase.auth.mfa.challenge({ factorId })
    const challengeId = asked.data?.id ?? ''
    expect(asked.data).toMatchObject({ type: 'totp', expires_at: expect.any(Number) })
    const told: string[] = []
    supabase.auth.onAuthStateChange((event) => void told.push(event))
    const answer = { factorId, challengeId, code: code(secret) }
    const { data } = await supabase.auth.mfa.verify(answer)
    expect(data?.user.factors).toMatchObject([
      { id: factorId, status: 'verified', friendly_name: 'phone', factor_type: 'totp' },
    ])
    expect(told).toContain('MFA_CHALLENGE_VERIFIED')
    expect(await level(supabase)).toEqual(['aal2', 'aal2'])
    expect((await supabase.auth.mfa.listFactors()).data?.totp).toHaveLength(1)
    const { data: claims } = await supabase.auth.getClaims()
    expect(claims?.claims.amr).toMatchObject([{ method: 'totp' }, { method: 'password' }])
    expect((await supabase.auth.refreshSession()).error).toBeNull()
    expect(await level(supabase)).toEqual(['aal2', 'aal2'])
    expect(codeOf(await supabase.auth.mfa.verify(answer))).toEqual([422, 'mfa_ip_address_mismatch'])
  })

  test('is asked of the next sign-in, and policies and changes of the user wait for it', async () => {
    const { supabase, email, factorId, secret } = await raised('asked')
    const next = server.fresh()
    await next.auth.signInWithPassword({ email, password })
    expect(await level(next)).toEqual(['aal1', 'aal2'])
    const rows = async (client: SupabaseClient) => (await client.from('secrets').select()).data
    expect([await rows(supabase), await rows(next)]).toEqual([[{ id: 1 }], []])
    expect(codeOf(await next.auth.updateUser({ password: 'another-secret' }))).toEqual([
      401,
      'insufficient_aal',
    ])
    expect((await next.auth.updateUser({ data: { color: 'red' } })).error).toBeNull()
    expect(codeOf(await next.auth.mfa.unenroll({ factorId }))).toEqual([422, 'insufficient_aal'])
    expect(codeOf(await next.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'b' }))).toEqual([
      403,
      'insufficient_aal',
    ])
    await next.auth.mfa.challengeAndVerify({ factorId, code: code(secret) })
    expect(await rows(next)).toEqual([{ id: 1 }])
  })

  test('ends the sessions that have not shown it, when it is shown', async () => {
    const { supabase, email } = await server.signedUp('ends')
    const other = server.fresh()
    await other.auth.signInWithPassword({ email, password })
    const factor = await enrolled(supabase)
    await supabase.auth.mfa.challengeAndVerify({ ...factor, code: code(factor.secret) })
    expect((await other.auth.getUser()).error?.name).toBe('AuthSessionMissingError')
    expect((await supabase.auth.getUser()).error).toBeNull()
  })

  test('is removed by its user, whose sessions are as before, or by the service', async () => {
    const { supabase, factorId } = await raised('removes')
    expect((await supabase.auth.mfa.unenroll({ factorId })).data).toEqual({ id: factorId })
    await supabase.auth.refreshSession()
    expect(await level(supabase)).toEqual(['aal1', 'aal1'])
    const again = await raised('lost')
    const admin = await server.admin()
    const userId = (await again.supabase.auth.getUser()).data.user?.id ?? ''
    expect((await admin.mfa.listFactors({ userId })).data?.factors).toMatchObject([{ id: again.factorId }])
    expect((await admin.mfa.deleteFactor({ userId, id: again.factorId })).error).toBeNull()
    expect((await again.supabase.auth.mfa.listFactors()).data?.all).toEqual([])
  })
})

describe('what is refused', () => {
  test('a wrong code, a late one, one for nothing that was asked, and none', async () => {
    const { supabase } = await server.signedUp('wrong')
    const { factorId, secret } = await enrolled(supabase)
    const { data } = await supabase.auth.mfa.challenge({ factorId })
    const verify = (answer: { code: string; challengeId?: string }) =>
      supabase.auth.mfa.verify({ factorId, challengeId: data?.id ?? '', ...answer })
    const wrong = String((Number(code(secret)) + 1) % 1_000_000).padStart(6, '0')
    expect(codeOf(await verify({ code: wrong }))).toEqual([422, 'mfa_verification_failed'])
    expect(codeOf(await verify({ code: '' }))).toEqual([400, 'validation_failed'])
    const unknown = { code: code(secret), challengeId: "' or true --" }
    expect(codeOf(await verify(unknown))).toEqual([422, 'mfa_factor_not_found'])
    server.clock.advance(301_000)
    expect(codeOf(await verify({ code: code(secret) }))).toEqual([422, 'mfa_challenge_expired'])
    expect((await supabase.auth.getUser()).data.user?.factors).toHaveLength(1)
    await enrolled(supabase)
    expect((await supabase.auth.mfa.listFactors()).data?.all).toHaveLength(1)
  })

  test('the factor of somebody else, one name twice, too many, and other kinds', async () => {
    const { supabase } = await server.signedUp('owner')
    const { factorId } = await enrolled(supabase)
    const stranger = (await server.signedUp('stranger')).supabase.auth.mfa
    expect(codeOf(await stranger.challenge({ factorId }))).toEqual([404, 'mfa_factor_not_found'])
    expect(codeOf(await stranger.unenroll({ factorId: 'none' }))).toEqual([404, 'validation_failed'])
    const enroll = (friendlyName: string) => supabase.auth.mfa.enroll({ factorType: 'totp', friendlyName })
    expect(codeOf(await enroll('phone'))).toEqual([422, 'mfa_factor_name_conflict'])
    await enroll('b')
    await enroll('c')
    expect(codeOf(await enroll('d'))).toEqual([422, 'too_many_enrolled_mfa_factors'])
    const phone = await supabase.auth.mfa.enroll({ factorType: 'phone', phone: '+123456789' })
    expect(codeOf(phone)).toEqual([422, 'mfa_phone_enroll_not_enabled'])
  })

  test('a second factor where the project has none, and admin paths without the service role', async () => {
    const { supabase, user } = await server.signedUp('plain')
    const asUser = await fetch(`${server.url}/auth/v1/admin/users/${user.id}/factors`, {
      headers: {
        Authorization: `Bearer ${(await supabase.auth.getSession()).data.session?.access_token ?? ''}`,
      },
    })
    expect(asUser.status).toBe(403)
    const other = await startDevServer({ port: 0, database: { copyOf: server.databaseUrl } })
    const { auth } = createClient(other.url, other.anonKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    })
    await auth.signUp({ email: 'none@example.com', password })
    expect(codeOf(await auth.mfa.enroll({ factorType: 'totp' }))).toEqual([
      422,
      'mfa_totp_enroll_not_enabled',
    ])
    await other.stop()
    expect((await fetch(`${server.url}/auth/v1/factors`, { method: 'POST' })).status).toBe(401)
    expect((await fetch(`${server.url}/auth/v1/factors`)).status).toBe(404)
  })
})
