import type { Claims, Context, Request } from '../context.js'
import { TokenError } from '../tokens.js'
import { AuthError } from './answers.js'
import { assuranceOf } from './sessions.js'
import type { UserRow } from './userRow.js'
import { getUser } from './users.js'

/** Who makes a request, in which session, and how sure that is. */
export interface SignedIn {
  readonly user: UserRow
  readonly session: string
  readonly aal: string
}

/**
 * Who makes a request, by its bearer token.
 * @throws AuthError `no_authorization`, `bad_jwt`, `user_not_found`, `session_not_found`
 */
export async function signedIn(context: Context, request: Request): Promise<SignedIn> {
  const { sub = '', session_id: session } = await claimsOf(context, request)
  if (sub === '') throw new AuthError(403, 'bad_jwt', 'invalid claim: missing sub claim')
  const user = await getUser(context.pool, 'id', sub)
  if (!user) throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist')
  const aal = typeof session === 'string' ? await assuranceOf(context.pool, user.id, session) : undefined
  if (typeof session !== 'string' || aal === undefined) {
    throw new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
  }
  return { user, session, aal }
}

/**
 * Lets only the service pass: a token whose role is `service_role`.
 * @throws AuthError `no_authorization`, `bad_jwt`, `not_admin`
 */
export async function requireService(context: Context, request: Request): Promise<void> {
  const { role } = await claimsOf(context, request)
  if (role !== 'service_role') throw new AuthError(403, 'not_admin', 'User not allowed')
}

async function claimsOf(context: Context, request: Request): Promise<Claims> {
  const [, token] = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) {
    throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token')
  }
  return context.tokens.verify(token).catch((error: unknown) => {
    if (!(error instanceof TokenError)) throw error
    throw new AuthError(403, 'bad_jwt', `invalid JWT: unable to parse or verify signature, ${error.message}`)
  })
}
