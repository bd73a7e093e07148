import type { Context, Reply, Request, Service } from '../context.js'
import { answerAdmin } from './admin.js'
import { AuthError, empty, json, refusal } from './answers.js'
import { bodyOf, emailOf, newPasswordOf, objectOf, textOf } from './body.js'
import { signedIn } from './caller.js'
import { passwordMatches } from './passwords.js'
import { endSessions, openSession, refreshSession, type Scope } from './sessions.js'
import { changeUser, createUser, getUser, publicUser } from './users.js'

export interface AuthOptions {
  /** How long an access token lasts, in seconds. Left out: 3600. */
  readonly jwtExpiry?: number
}

type Handler = (context: Context, request: Request, lifetime: number) => Promise<Reply>

/**
 * The session service: password sign-up and sign-in, refresh, user, sign-out, and the admin's users. Its tables are
 * `authSchema`.
 */
export function createAuth(context: Context, { jwtExpiry = 3_600 }: AuthOptions = {}): Service {
  return async (request) => {
    try {
      const handler = handlers[`${request.method} ${request.url.pathname}`]
      const reply = handler ? handler(context, request, jwtExpiry) : answerAdmin(context, request)
      return (await reply) ?? nothingThere
    } catch (error) {
      if (error instanceof AuthError) return refusal(error, request)
      throw error
    }
  }
}

const nothingThere = json(404, { code: 404, error_code: 'not_found', msg: 'There is no such endpoint' })

const handlers: Readonly<Record<string, Handler>> = {
  'POST /signup': signUp,
  'POST /token': token,
  'GET /user': async (context, request) => json(200, publicUser((await signedIn(context, request)).user)),
  'PUT /user': updateUser,
  'POST /logout': signOut,
  'GET /settings': () =>
    Promise.resolve(
      json(200, {
        external: { email: true, phone: false, anonymous_users: false },
        disable_signup: false,
        mailer_autoconfirm: true,
        phone_autoconfirm: false,
        saml_enabled: false,
      }),
    ),
  'GET /health': () =>
    Promise.resolve(json(200, { name: 'GoTrue', description: 'The session service of the dev-server' })),
  'GET /.well-known/jwks.json': () => Promise.resolve(json(200, { keys: [] })),
}

async function signUp(context: Context, request: Request, lifetime: number): Promise<Reply> {
  const body = bodyOf(request)
  const [email, password] = [emailOf(body), newPasswordOf(body)]
  if (email === undefined) throw noEmail(textOf(body, 'phone') !== undefined)
  if (password === undefined) {
    throw new AuthError(400, 'validation_failed', 'Signup requires a valid password')
  }
  const user = { email, password, confirmed: true, userMetadata: objectOf(body, 'data') }
  const taken = new AuthError(422, 'user_already_exists', 'User already registered')
  if (await getUser(context.pool, 'email', email)) throw taken
  const created = await createUser(context.pool, user, context.clock(), taken)
  return json(200, await openSession(context, created, lifetime))
}

const noEmail = (byPhone: boolean) =>
  byPhone
    ? new AuthError(400, 'phone_provider_disabled', 'Phone signups are disabled')
    : new AuthError(422, 'anonymous_provider_disabled', 'Anonymous sign-ins are disabled')

async function token(context: Context, request: Request, lifetime: number): Promise<Reply> {
  const body = bodyOf(request)
  const grant = request.url.searchParams.get('grant_type')
  if (grant === 'refresh_token') {
    return json(200, await refreshSession(context, textOf(body, 'refresh_token') ?? '', lifetime))
  }
  if (grant !== 'password') throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type')
  const user = await getUser(context.pool, 'email', textOf(body, 'email') ?? '')
  const password = textOf(body, 'password') ?? ''
  if (!user || !(await passwordMatches(context.pool, password, user.encrypted_password))) {
    throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
  }
  if (!user.email_confirmed_at) throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed')
  return json(200, await openSession(context, user, lifetime))
}

async function updateUser(context: Context, request: Request): Promise<Reply> {
  const { pool, clock } = context
  const { user, session } = await signedIn(context, request)
  const body = bodyOf(request)
  const [email, password] = [emailOf(body), newPasswordOf(body)]
  if (password !== undefined && (await passwordMatches(pool, password, user.encrypted_password))) {
    const message = 'New password should be different from the old password.'
    throw new AuthError(422, 'same_password', message)
  }
  const change = { email, password, userMetadata: objectOf(body, 'data') }
  const changed = await changeUser(pool, user.id, change, clock())
  if (password !== undefined) await endSessions(pool, user.id, 'others', session)
  return json(200, publicUser(changed))
}

async function signOut(context: Context, request: Request): Promise<Reply> {
  const { user, session } = await signedIn(context, request)
  const scope = request.url.searchParams.get('scope') ?? 'global'
  if (!isScope(scope)) throw new AuthError(400, 'validation_failed', `Unsupported logout scope "${scope}"`)
  await endSessions(context.pool, user.id, scope, session)
  return empty
}

const isScope = (scope: string): scope is Scope => ['local', 'others', 'global'].includes(scope)
