import { describe, expect, it } from 'vitest'
import { createTokens, demoSecret, projectKeys } from './tokens.js'

const now = Date.UTC(2026, 0, 1)
const tokens = createTokens(demoSecret, () => now)

describe('tokens', () => {
  it('gives the well-known keys of the local stack for the demo secret', async () => {
    expect(await projectKeys(tokens)).toEqual({
      anonKey:
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6ImFub24iLCJleHAiOjE5ODM4MTI5OTZ9.CRXP1A7WOeoJeXxjNni43kdQwgnWNReilDMblYTn_I0',
      serviceRoleKey:
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZS1kZW1vIiwicm9sZSI6InNlcnZpY2Vfcm9sZSIsImV4cCI6MTk4MzgxMjk5Nn0.EGIM96RAZx35lJzdJsyH-qQwv8Hdp7fsn3W0YpN81IU',
    })
  })

  it('gives back the claims it signed', async () => {
    const claims = { role: 'authenticated', sub: 'someone', exp: now / 1000 + 60 }
    expect(await tokens.verify(await tokens.sign(claims))).toEqual(claims)
  })

  it('tells an expired token by the clock it was given', async () => {
    const token = await tokens.sign({ role: 'anon', exp: now / 1000 - 1 })
    await expect(tokens.verify(token)).rejects.toMatchObject({
      reason: 'expired',
      message: 'JWT expired',
      expiredAt: now / 1000 - 1,
    })
  })

  it('refuses a token signed with another secret', async () => {
    const other = createTokens('another secret that is long enough for HS256', () => now)
    const token = await other.sign({ role: 'service_role' })
    await expect(tokens.verify(token)).rejects.toMatchObject({ reason: 'signature' })
  })

  it('refuses a token that asks for no signature', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${part({ alg: 'none' })}.${part({ role: 'service_role' })}.`
    await expect(tokens.verify(unsigned)).rejects.toMatchObject({ reason: 'signature' })
  })

  it('calls what is no token malformed, and one without a role wrong in its claims', async () => {
    await expect(tokens.verify('no token')).rejects.toMatchObject({ reason: 'malformed' })
    const token = await tokens.sign({ sub: 'someone' } as never)
    await expect(tokens.verify(token)).rejects.toMatchObject({ reason: 'claims' })
  })

  it('refuses a secret that is too short', () => {
    expect(() => createTokens('short', () => now)).toThrow(
      expect.objectContaining({ code: 'secret-too-short' }),
    )
  })
})
