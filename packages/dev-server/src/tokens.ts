import { errors, jwtVerify, SignJWT } from 'jose'
import type { Claims, Clock, Tokens } from './context.js'
import { DevServerError } from './errors.js'

/** The secret of the local Supabase stack; it is public, as are the keys made with it. */
export const demoSecret = 'super-secret-jwt-token-with-at-least-32-characters-long'

export type TokenErrorReason = 'malformed' | 'signature' | 'expired' | 'claims'

/** A token that does not hold. The message says what is wrong with it and never repeats it. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly reason: TokenErrorReason
  /** When it expired, in seconds since the epoch; only with the reason `expired`. */
  readonly expiredAt: number | undefined

  constructor(reason: TokenErrorReason, message: string, expiredAt?: number) {
    super(message)
    this.reason = reason
    this.expiredAt = expiredAt
  }
}

/**
 * Signs and verifies HS256 tokens.
 * @param secret at least 32 characters
 * @param clock decides what has expired, to the millisecond and without leeway
 * @throws DevServerError `secret-too-short`
 */
export function createTokens(secret: string, clock: Clock): Tokens {
  const key = new TextEncoder().encode(secret)
  if (key.length < 32) throw new DevServerError('secret-too-short', `It has ${String(key.length)}.`)
  return {
    secret,
    sign: (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key),
    verify: async (token) => {
      const options = { algorithms: ['HS256'], currentDate: new Date(clock()) }
      const { payload } = await jwtVerify(token, key, options).catch((error: unknown) => {
        throw toTokenError(error)
      })
      if (typeof payload.role !== 'string') throw new TokenError('claims', 'The token has no role')
      return payload as Claims
    },
  }
}

/** The keys of a project: for the demo secret exactly those every local Supabase stack has. */
export async function projectKeys(tokens: Tokens): Promise<{ anonKey: string; serviceRoleKey: string }> {
  const key = (role: string) => tokens.sign({ iss: 'supabase-demo', role, exp: 1983812996 })
  return { anonKey: await key('anon'), serviceRoleKey: await key('service_role') }
}

function toTokenError(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) {
    return new TokenError('expired', 'JWT expired', Number(error.payload.exp))
  }
  if (error instanceof errors.JWTClaimValidationFailed) return new TokenError('claims', error.message)
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) {
    return new TokenError('signature', 'JWSError JWSInvalidSignature')
  }
  return new TokenError('malformed', error instanceof Error ? error.message : String(error))
}
