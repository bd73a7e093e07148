import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose'
import type { Configuration } from './configuration.js'

/** Who is at the other end, as a token says. */
export interface Identity {
  /** The subject, a UUID in lower case. */
  readonly userId: string
  /** The database role in which it is asked what the user may see. */
  readonly role: string
  /** All claims as JSON, for `request.jwt.claims`. */
  readonly claims: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** `unavailable`: the keys cannot be had now; the token may hold all the same. */
export type TokenReason = 'expired' | 'unauthorized' | 'unavailable'

/** A token that does not hold. The message says why and never repeats the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly reason: TokenReason

  constructor(reason: TokenReason, message: string) {
    super(message)
    this.reason = reason
  }
}

export type Verify = (token: string) => Promise<Identity>

/** Asymmetric algorithms, for keys from a JWKS URL. A secret and a public key never serve the same algorithm. */
const asymmetric = ['ES256', 'RS256', 'EdDSA']
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Makes the check of tokens: signature, algorithm, audience, issuer, expiry, a subject that is a UUID, an allowed role.
 * @param clock milliseconds since the epoch
 */
export function createVerify(configuration: Configuration, clock: () => number): Verify {
  const check = signatureCheck(configuration)
  const { PUBSUB_JWT_AUDIENCE: audience, PUBSUB_JWT_ISSUER: issuer, PUBSUB_ROLES: roles } = configuration
  return async (token) => {
    const options = {
      audience,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(clock()),
      ...(issuer !== undefined && { issuer }),
    }
    const claims = await check(token, options).catch((error: unknown) => {
      throw toTokenError(error)
    })
    return toIdentity(claims, roles)
  }
}

type Check = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>

function signatureCheck({ JWT_SECRET, PUBSUB_JWKS_URL }: Configuration): Check {
  const secret = JWT_SECRET === undefined ? undefined : new TextEncoder().encode(JWT_SECRET)
  const keys = PUBSUB_JWKS_URL === undefined ? undefined : createRemoteJWKSet(new URL(PUBSUB_JWKS_URL))
  return async (token, options) => {
    if (secret !== undefined && (keys === undefined || isSymmetric(token))) {
      return (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload
    }
    if (keys === undefined) throw new TokenError('unauthorized', 'There is no key for this token.')
    return (await jwtVerify(token, keys, { ...options, algorithms: asymmetric })).payload
  }
}

/** Chooses the key only; the algorithm is checked again with that key. */
function isSymmetric(token: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString())
    return typeof header === 'object' && header !== null && 'alg' in header && header.alg === 'HS256'
  } catch {
    return true // Not a token at all: either check refuses it.
  }
}

function toIdentity(claims: JWTPayload, roles: readonly string[]): Identity {
  const userId = String(claims.sub).toLowerCase()
  const role = typeof claims.role === 'string' ? claims.role : ''
  if (!uuid.test(userId)) throw new TokenError('unauthorized', 'The subject of the token is not a UUID.')
  if (!roles.includes(role)) throw new TokenError('unauthorized', 'The role of the token is not allowed.')
  return { userId, role, claims: JSON.stringify(claims), expiresAt: Number(claims.exp) }
}

function toTokenError(error: unknown): TokenError {
  if (error instanceof TokenError) return error
  if (error instanceof errors.JWTExpired) return new TokenError('expired', 'The token has expired.')
  if (error instanceof errors.JOSEError)
    return new TokenError('unauthorized', `The token does not hold (${error.code}).`)
  return new TokenError('unavailable', 'The token cannot be checked now.')
}
