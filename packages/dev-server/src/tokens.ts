import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose'
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
 * Signs and verifies tokens.
 * @param secret at least 32 characters
 * @param clock decides what has expired, to the millisecond and without leeway
 * @param keys private ones (ES256, RS256), the first of which signs; none: the secret does. It verifies in any case.
 * @throws DevServerError `secret-too-short`, `option-invalid`
 */
export function createTokens(secret: string, clock: Clock, keys: readonly JWK[] = []): Tokens {
  const shared = new TextEncoder().encode(secret)
  if (shared.length < 32) throw new DevServerError('secret-too-short', `It has ${String(shared.length)}.`)
  const { sign, publicKeys } = keys.length === 0 ? secretSigner(shared) : keySigner(keys)
  const findKey = createLocalJWKSet({ keys: [...publicKeys] })
  return {
    secret,
    publicKeys,
    sign,
    verify: async (token) => {
      const currentDate = new Date(clock())
      // Which keys a token may be verified with depends on its algorithm: a public key is never taken as a secret.
      const verified = isBySecret(token)
        ? jwtVerify(token, shared, { algorithms: ['HS256'], currentDate })
        : jwtVerify(token, findKey, { algorithms: ['ES256', 'RS256'], currentDate })
      const { payload } = await verified.catch((error: unknown) => {
        throw toTokenError(error)
      })
      if (typeof payload.role !== 'string') throw new TokenError('claims', 'The token has no role')
      return payload as Claims
    },
  }
}

type Signer = Pick<Tokens, 'sign' | 'publicKeys'>

const secretSigner = (shared: Uint8Array): Signer => ({
  publicKeys: [],
  sign: (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(shared),
})

/** @throws DevServerError `option-invalid` */
function keySigner(keys: readonly JWK[]): Signer {
  const named = keys.map((key, at) => ({ alg: 'ES256', kid: `key-${String(at)}`, ...key }))
  const [first] = named
  const strange = named.find(({ alg, d }) => !['ES256', 'RS256'].includes(alg) || d === undefined)
  if (!first || strange) {
    const detail = `signingKeys has ${strange?.kid ?? 'nothing'}, which is no private key for ES256 or RS256.`
    throw new DevServerError('option-invalid', detail)
  }
  // The Supabase CLI makes keys that say they verify too, which a private one does not.
  const signing = { ...first, key_ops: ['sign'] }
  return {
    publicKeys: named.map(publicPart),
    sign: async (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: first.alg, kid: first.kid, typ: 'JWT' })
        .sign(await importJWK(signing)),
  }
}

const publicPart = ({ kty, kid, alg, crv, x, y, n, e }: JWK): JWK =>
  JSON.parse(JSON.stringify({ kty, kid, alg, crv, x, y, n, e, use: 'sig', key_ops: ['verify'] })) as JWK

function isBySecret(token: string): boolean {
  try {
    return !['ES256', 'RS256'].includes(decodeProtectedHeader(token).alg ?? '')
  } catch {
    return true // What is no token at all is refused by either way.
  }
}

/** The keys of a project: for the demo secret exactly those every local Supabase stack has. */
export async function projectKeys({ secret }: Tokens): Promise<{ anonKey: string; serviceRoleKey: string }> {
  const { sign } = secretSigner(new TextEncoder().encode(secret))
  const key = (role: string) => sign({ iss: 'supabase-demo', role, exp: 1983812996 })
  return { anonKey: await key('anon'), serviceRoleKey: await key('service_role') }
}

function toTokenError(error: unknown): TokenError {
  if (error instanceof errors.JWTExpired) {
    return new TokenError('expired', 'JWT expired', Number(error.payload.exp))
  }
  if (error instanceof errors.JWTClaimValidationFailed) return new TokenError('claims', error.message)
  if (isUnverified(error)) {
    return new TokenError('signature', 'JWSError JWSInvalidSignature')
  }
  return new TokenError('malformed', error instanceof Error ? error.message : String(error))
}

const isUnverified = (error: unknown): boolean =>
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JOSEAlgNotAllowed ||
  error instanceof errors.JWKSNoMatchingKey
