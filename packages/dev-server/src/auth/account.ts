import type { Reply, Request } from '../context.js'
import { AuthError, empty, json } from './answers.js'
import type { AuthContext } from './authOptions.js'
import { bodyOf, emailOf, newPasswordOf, objectOf } from './body.js'
import { signedIn } from './caller.js'
import { unlinkIdentity } from './identities.js'
import { passwordMatches } from './passwords.js'
import { endSessions, type Scope } from './sessions.js'
import type { UserRow } from './userRow.js'
import { changeUser, publicUser } from './users.js'

/** Whoever asks, with their identities. */
export async function showUser(context: AuthContext, request: Request): Promise<Reply> {
  return json(200, publicUser((await signedIn(context, request)).user))
}

/**
 * Changes address, password or metadata of whoever asks. A new password ends their other sessions.
 * @throws AuthError `same_password`, `insufficient_aal`, `email_exists`, `weak_password` and others
 */
export async function changeOwnUser(context: AuthContext, request: Request): Promise<Reply> {
  const { pool, clock, auth } = context
  const { user, session, aal } = await signedIn(context, request)
  const body = bodyOf(request)
  const [email, password] = [emailOf(body), newPasswordOf(body, auth.minimumPasswordLength)]
  if (email !== undefined || password !== undefined) requireRaised(user, aal)
  if (password !== undefined && (await passwordMatches(pool, password, user.encrypted_password))) {
    const message = 'New password should be different from the old password.'
    throw new AuthError(422, 'same_password', message)
  }
  const isNew = email !== undefined && email !== user.email
  const change = { password, userMetadata: objectOf(body, 'data'), ...(isNew && { email, confirmed: true }) }
  const changed = await changeUser(pool, user.id, change, clock())
  if (password !== undefined) await endSessions(pool, user.id, 'others', session)
  return json(200, publicUser(changed))
}

/** @throws AuthError `insufficient_aal` for whoever has a second factor and has not shown it */
function requireRaised({ factors }: UserRow, aal: string): void {
  if (aal === 'aal2' || !factors.some(({ status }) => status === 'verified')) return
  const message = 'AAL2 session is required to update email or password when MFA is enabled.'
  throw new AuthError(401, 'insufficient_aal', message)
}

/** @throws AuthError `manual_linking_disabled`, `identity_not_found`, `single_identity_not_deletable` */
export async function removeIdentity(context: AuthContext, request: Request, id: string): Promise<Reply> {
  const { user } = await signedIn(context, request)
  requireLinking(context)
  await unlinkIdentity(context.pool, user, id)
  return json(200, {})
}

/**
 * Would lead to a provider, and each of them is an outside service.
 * @throws AuthError `manual_linking_disabled`, `validation_failed`
 */
export async function addIdentity(context: AuthContext, request: Request): Promise<Reply> {
  await signedIn(context, request)
  requireLinking(context)
  throw new AuthError(400, 'validation_failed', 'Unsupported provider: provider is not enabled')
}

function requireLinking({ auth }: AuthContext): void {
  if (!auth.manualLinking) throw new AuthError(404, 'manual_linking_disabled', 'Manual linking is disabled')
}

/** Ends this session, the others of the user, or all. */
export async function signOut(context: AuthContext, request: Request): Promise<Reply> {
  const { user, session } = await signedIn(context, request)
  const scope = request.url.searchParams.get('scope') ?? 'global'
  if (!isScope(scope)) throw new AuthError(400, 'validation_failed', `Unsupported logout scope "${scope}"`)
  await endSessions(context.pool, user.id, scope, session)
  return empty
}

const isScope = (scope: string): scope is Scope => ['local', 'others', 'global'].includes(scope)
