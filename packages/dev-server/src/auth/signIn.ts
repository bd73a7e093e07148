import { randomUUID } from 'node:crypto'
import type { Reply, Request } from '../context.js'
import { AuthError, json } from './answers.js'
import type { AuthContext } from './authOptions.js'
import { type Body, bodyOf, emailOf, newPasswordOf, objectOf, textOf } from './body.js'
import { passwordMatches } from './passwords.js'
import { openSession, refreshSession } from './sessions.js'
import { createUser, getUser, publicUser } from './users.js'

/**
 * Makes a user, by address and password or an anonymous one. A session begins with it, unless the address is to be confirmed.
 * @throws AuthError that says what the project or the input does not allow
 */
export async function signUp(context: AuthContext, request: Request): Promise<Reply> {
  const body = bodyOf(request)
  if (!context.auth.signUp) {
    throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance')
  }
  const email = emailOf(body)
  return email === undefined ? signUpNobody(context, body) : signUpByEmail(context, body, email)
}

async function signUpNobody(context: AuthContext, body: Body): Promise<Reply> {
  if (textOf(body, 'phone') !== undefined) {
    throw new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled')
  }
  if (!context.auth.anonymous) {
    throw new AuthError(422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled')
  }
  const user = { confirmed: false, userMetadata: objectOf(body, 'data') }
  const created = await createUser(context.pool, user, context.clock(), taken())
  return json(200, await openSession(context, created, 'anonymous'))
}

async function signUpByEmail(context: AuthContext, body: Body, email: string): Promise<Reply> {
  const { pool, clock, auth } = context
  if (!auth.emailSignUp) {
    throw new AuthError(400, 'email_provider_disabled', 'Email signups are disabled')
  }
  const password = newPasswordOf(body, auth.minimumPasswordLength)
  if (password === undefined) {
    throw new AuthError(400, 'validation_failed', 'Signup requires a valid password')
  }
  const user = { email, password, confirmed: auth.autoconfirm, userMetadata: objectOf(body, 'data') }
  if (await getUser(pool, 'email', email)) {
    if (auth.autoconfirm) throw taken()
    return json(200, pretended(email, clock()))
  }
  const created = await createUser(pool, user, clock(), taken())
  return json(200, auth.autoconfirm ? await openSession(context, created, 'password') : publicUser(created))
}

/** Where addresses are confirmed, nobody learns from a sign-up who is a user. */
function pretended(email: string, now: number): object {
  const at = new Date(now)
  const metadata = { app_metadata: { provider: 'email', providers: ['email'] }, user_metadata: {} }
  const user = { id: randomUUID(), aud: 'authenticated', role: '', email, phone: '', is_anonymous: false }
  return { ...user, ...metadata, identities: [], created_at: at, updated_at: at }
}

const taken = () => new AuthError(422, 'user_already_exists', 'User already registered')

/**
 * Begins a session with a password, or goes on with one by its refresh token.
 * @throws AuthError `invalid_credentials`, `email_not_confirmed`, or those of `refreshSession`
 */
export async function signIn(context: AuthContext, request: Request): Promise<Reply> {
  const body = bodyOf(request)
  const grant = request.url.searchParams.get('grant_type')
  if (grant === 'refresh_token') {
    return json(200, await refreshSession(context, textOf(body, 'refresh_token') ?? ''))
  }
  if (grant !== 'password') throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type')
  const user = await getUser(context.pool, 'email', textOf(body, 'email') ?? '')
  const password = textOf(body, 'password') ?? ''
  if (!user || !(await passwordMatches(context.pool, password, user.encrypted_password))) {
    throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
  }
  if (!user.email_confirmed_at) throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed')
  return json(200, await openSession(context, user, 'password'))
}
