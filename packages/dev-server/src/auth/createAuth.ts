import type { Context, Reply, Request, Service } from '../context.js'
import { answerAdmin } from './admin.js'
import { AuthError, json, refusal } from './answers.js'
import { addIdentity, changeOwnUser, removeIdentity, showUser, signOut } from './account.js'
import { type AuthContext, type AuthOptions, defaultAuthOptions } from './authOptions.js'
import { createLink, followLink, verifyLink } from './links.js'
import { answerFactors } from './mfa.js'
import { signIn, signUp } from './signIn.js'

type Handler = (context: AuthContext, request: Request) => Promise<Reply> | Reply

/**
 * The session service: sign-up and sign-in with a password or as nobody in particular, refresh, user, sign-out, second
 * factors, and the admin's users and links. Its tables are `authSchema`.
 */
export function createAuth(context: Context, options: Partial<AuthOptions> = {}): Service {
  const own: AuthContext = { ...context, auth: { ...defaultAuthOptions, ...options } }
  return async (request) => {
    try {
      const handler = handlerOf(request)
      const reply = handler ? await handler(own, request) : await answerFactors(own, request)
      return reply ?? (await answerAdmin(own, request)) ?? nothingThere
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      if (error.status === 500) context.log(`Auth: ${error.message}: ${String(error.cause)}`)
      return refusal(error, request)
    }
  }
}

const nothingThere = json(404, { code: 404, error_code: 'not_found', msg: 'There is no such endpoint' })

function handlerOf({ method, url: { pathname } }: Request): Handler | undefined {
  const [, identity] = /^\/user\/identities\/([^/]+)$/.exec(pathname) ?? []
  if (method === 'DELETE' && identity !== undefined) {
    return (context, request) => removeIdentity(context, request, identity)
  }
  return handlers[`${method} ${pathname}`]
}

const handlers: Readonly<Record<string, Handler>> = {
  'POST /signup': signUp,
  'POST /token': signIn,
  'GET /verify': followLink,
  'POST /verify': verifyLink,
  'POST /admin/generate_link': createLink,
  'GET /user': showUser,
  'PUT /user': changeOwnUser,
  'GET /user/identities/authorize': addIdentity,
  'POST /logout': signOut,
  'GET /settings': ({ auth }) => json(200, settingsOf(auth)),
  'GET /health': () =>
    json(200, { version: 'tidemark', name: 'GoTrue', description: 'The session service of the dev-server' }),
  'GET /.well-known/jwks.json': ({ tokens }) => json(200, { keys: tokens.publicKeys }),
}

/** Providers that need an outside service are off. */
const settingsOf = (auth: AuthOptions) => ({
  external: {
    anonymous_users: auth.anonymous,
    email: auth.emailSignUp,
    phone: false,
    ...Object.fromEntries(['apple', 'azure', 'github', 'gitlab', 'google'].map((name) => [name, false])),
  },
  disable_signup: !auth.signUp,
  mailer_autoconfirm: auth.autoconfirm,
  phone_autoconfirm: false,
  sms_provider: '',
  saml_enabled: false,
})
