import type { Claims, Clock, Request, Tokens } from '../../context.js'
import { TokenError } from '../../tokens.js'
import { RestError } from '../errors.js'

/** Who asks: the role the statement runs with, and the claims the policies see. */
export interface Caller {
  readonly role: string
  readonly claims: Claims
  readonly isAnonymous: boolean
}

/**
 * The token is the bearer's, or else the project key itself; without either it is nobody who asks.
 * @throws RestError 401
 */
export type Identify = (request: Request) => Promise<Caller>

const nobody: Caller = { role: 'anon', claims: { role: 'anon' }, isAnonymous: true }

/** Tokens that are remembered; a client sends the same one again and again. */
const most = 200

export function createIdentify(tokens: Tokens, clock: Clock): Identify {
  const verified = new Map<string, Claims>()
  const claimsOf = async (token: string): Promise<Claims> => {
    const known = verified.get(token)
    if (known && isValidAt(known, clock() / 1000)) return known
    verified.delete(token)
    const claims = await tokens.verify(token)
    if (verified.size === most) verified.clear()
    verified.set(token, claims)
    return claims
  }
  return async (request) => {
    const { authorization, apikey } = request.headers
    const token = bearer(authorization) ?? apikey ?? request.url.searchParams.get('apikey') ?? ''
    if (token === '') return nobody
    const claims = await claimsOf(token).catch((error: unknown) => {
      throw error instanceof TokenError ? refuse(error) : error
    })
    return { role: claims.role, claims, isAnonymous: claims.role === 'anon' }
  }
}

/** A signature stays right; only time can make a token wrong. */
const isValidAt = ({ exp = Infinity, nbf }: Claims, seconds: number) =>
  seconds < exp && (typeof nbf !== 'number' || nbf <= seconds)

const bearer = (header: string | undefined) => /^bearer (.+)$/i.exec(header ?? '')?.[1]

/** Malformed or wrongly signed is 301; what the claims say, expiry above all, is 303. */
function refuse({ reason, message }: TokenError): RestError {
  const code = reason === 'expired' || reason === 'claims' ? 'PGRST303' : 'PGRST301'
  const challenge = `Bearer error="invalid_token", error_description="${message.replace(/[^ -!#-~]/g, '')}"`
  return new RestError(401, { code, message }, { 'WWW-Authenticate': challenge })
}
