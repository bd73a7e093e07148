import type { Claims, Context, Reply, Request, Service } from '../context.js'
import { TokenError } from '../tokens.js'
import { AuthError, bodyOf, empty, json, refusal, textOf } from './answers.js'
import { authSchema } from './schema.js'
import { endSessions, openSession, refreshSession, sessionExists } from './sessions.js'
import { changeUser, createUser, findUser, passwordMatches, publicUser } from './users.js'

export interface AuthOptions {
  /** How long an access token lasts, in seconds. Default: 3600. */
  readonly jwtExpiry?: number
}

type Handler = (request: Request) => Promise<Reply>

/** The session service: password sign-up and sign-in, refresh, user, sign-out. It makes its tables before the first request. */
export function createAuth(context: Context, { jwtExpiry = 3_600 }: AuthOptions = {}): Service {
  const handlers = routes(context, jwtExpiry)
  let ready: Promise<unknown> | undefined
  return async (request) => {
    const handler = handlers[`${request.method} ${request.url.pathname}`]
    if (!handler) return json(404, { code: 'not_found', message: 'There is no such endpoint' })
    try {
      await (ready ??= context.pool.query(authSchema))
      return await handler(request)
    } catch (error) {
      if (error instanceof AuthError) return refusal(error, request)
      throw error
    }
  }
}

function routes(context: Context, lifetime: number): Readonly<Record<string, Handler>> {
  const { pool } = context
  return {
    'POST /signup': async (request) => {
      const body = bodyOf(request)
      const [email, password] = credentials(body)
      return json(
        200,
        await openSession(context, await createUser(pool, email, password, body.data), lifetime),
      )
    },
    'POST /token': (request) => token(context, request, lifetime),
    'GET /user': async (request) => json(200, publicUser((await signedIn(context, request)).user)),
    'PUT /user': async (request) => {
      const { user } = await signedIn(context, request)
      const { email, password, data } = bodyOf(request) as {
        email?: string
        password?: string
        data?: unknown
      }
      if (password !== undefined) checkPassword(password)
      return json(
        200,
        publicUser(
          await changeUser(pool, user.id, {
            ...(email !== undefined && { email }),
            ...(password !== undefined && { password }),
            data,
          }),
        ),
      )
    },
    'POST /logout': async (request) => {
      const { user, session } = await signedIn(context, request)
      await endSessions(context, user.id, session, request.url.searchParams.get('scope') ?? 'global')
      return empty
    },
    'GET /settings': () =>
      Promise.resolve(
        json(200, { external: { email: true }, disable_signup: false, mailer_autoconfirm: true }),
      ),
    'GET /health': () =>
      Promise.resolve(json(200, { name: 'GoTrue', description: 'The session service of the dev-server' })),
    'GET /.well-known/jwks.json': () => Promise.resolve(json(200, { keys: [] })),
  }
}

async function token(context: Context, request: Request, lifetime: number): Promise<Reply> {
  const body = bodyOf(request)
  const grant = request.url.searchParams.get('grant_type')
  if (grant === 'refresh_token')
    return json(200, await refreshSession(context, textOf(body, 'refresh_token'), lifetime))
  if (grant !== 'password') throw new AuthError(400, 'invalid_grant', 'unsupported_grant_type')
  const user = await findUser(context.pool, 'email', textOf(body, 'email'))
  const matches = await passwordMatches(
    context.pool,
    textOf(body, 'password'),
    user?.encrypted_password ?? null,
  )
  if (!user || !matches) throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials')
  return json(200, await openSession(context, user, lifetime))
}

function credentials(body: Readonly<Record<string, unknown>>): [email: string, password: string] {
  const [email, password] = [textOf(body, 'email'), textOf(body, 'password')]
  if (!/^[^@\s]+@[^@\s]+$/.test(email))
    throw new AuthError(400, 'validation_failed', 'Unable to validate email address: invalid format')
  checkPassword(password)
  return [email, password]
}

function checkPassword(password: string): void {
  if (password.length < 6)
    throw new AuthError(422, 'weak_password', 'Password should be at least 6 characters.')
}

/** Who makes the request. Throws `bad_jwt` or `session_not_found`. */
async function signedIn(context: Context, request: Request) {
  const claims = await claimsOf(context, request)
  const session = String(claims.session_id ?? '')
  const user = claims.sub === undefined ? undefined : await findUser(context.pool, 'id', claims.sub)
  if (!user || !(await sessionExists(context, session)))
    throw new AuthError(403, 'session_not_found', 'Session from session_id claim in JWT does not exist')
  return { user, session }
}

async function claimsOf(context: Context, request: Request): Promise<Claims> {
  const [, given = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  try {
    return await context.tokens.verify(given)
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    throw new AuthError(403, 'bad_jwt', `invalid JWT: unable to parse or verify signature, ${error.message}`)
  }
}
