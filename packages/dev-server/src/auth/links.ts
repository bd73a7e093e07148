import { createHash, randomInt } from 'node:crypto'
import type { Reply, Request } from '../context.js'
import { AuthError, json } from './answers.js'
import type { AuthContext } from './authOptions.js'
import { type Body, bodyOf, emailOf, newPasswordOf, objectOf, textOf } from './body.js'
import { requireService } from './caller.js'
import { openSession, type SessionAnswer } from './sessions.js'
import { changeUser, createUser, emailExists, getUser, mustGetUser, publicUser } from './users.js'
import type { UserRow } from './userRow.js'

/** What a link is for. */
const types = ['signup', 'invite', 'magiclink', 'recovery', 'email_change_current', 'email_change_new']

/** How long a link is good, in ms. */
const lifetime = 3_600_000

/**
 * Makes what a mail would bring, for the service role: a link, its code and its hash. Nothing is sent.
 * @throws AuthError `validation_failed`, `user_not_found`, `email_exists`, `not_admin`
 */
export async function createLink(context: AuthContext, request: Request): Promise<Reply> {
  await requireService(context, request)
  const body = bodyOf(request)
  const [type = '', email] = [textOf(body, 'type'), emailOf(body)]
  if (!types.includes(type) || email === undefined) {
    throw new AuthError(400, 'validation_failed', 'A link needs a type and an email')
  }
  const user = await receiverOf(context, type, email, body)
  const goal = type.startsWith('email_change') ? emailOf({ email: body.new_email }) : email
  if (goal === undefined)
    throw new AuthError(400, 'validation_failed', 'A link to a new address needs new_email')
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const hash = hashOf(email, code)
  await context.pool.query(
    `insert into auth.one_time_tokens (user_id, token_type, token_hash, relates_to, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $5)
     on conflict (user_id, token_type) do update
     set token_hash = excluded.token_hash, relates_to = excluded.relates_to, created_at = excluded.created_at`,
    [user.id, type, hash, goal, new Date(context.clock()).toISOString()],
  )
  const redirect =
    request.url.searchParams.get('redirect_to') ?? textOf(body, 'redirect_to') ?? context.auth.siteUrl
  const query = new URLSearchParams({ token: hash, type, redirect_to: redirect })
  const link = `http://${request.headers.host ?? '127.0.0.1'}/auth/v1/verify?${query.toString()}`
  return json(200, {
    ...publicUser(user),
    ...{
      action_link: link,
      email_otp: code,
      hashed_token: hash,
      redirect_to: redirect,
      verification_type: type,
    },
  })
}

/** Whom a link is for: the first ones make their user. */
async function receiverOf(context: AuthContext, type: string, email: string, body: Body): Promise<UserRow> {
  const { pool, clock, auth } = context
  const known = await getUser(pool, 'email', email)
  const isFirst = type === 'signup' || type === 'invite'
  if (known && isFirst && known.email_confirmed_at) throw emailExists()
  if (known) return known
  if (!isFirst && type !== 'magiclink')
    throw new AuthError(404, 'user_not_found', 'User with this email not found')
  const password = newPasswordOf(body, auth.minimumPasswordLength)
  const user = { email, password, confirmed: false, userMetadata: objectOf(body, 'data') }
  return createUser(pool, user, clock(), emailExists())
}

/**
 * Begins a session with what a link brings: its hash, or the address and the code. Once.
 * @throws AuthError `otp_expired`, `validation_failed`
 */
export async function verifyLink(context: AuthContext, request: Request): Promise<Reply> {
  const body = bodyOf(request)
  const [type, code, email] = [textOf(body, 'type'), textOf(body, 'token'), emailOf(body)]
  const hash = textOf(body, 'token_hash') ?? (email && code && hashOf(email, code))
  if (type === undefined || !hash) {
    throw new AuthError(
      400,
      'validation_failed',
      'Verify requires a type, and a token hash or an email and a token',
    )
  }
  return json(200, await redeem(context, type, hash))
}

/** The same for a link that is followed: the session, or the refusal, goes to the app behind a `#`. */
export async function followLink(context: AuthContext, { url }: Request): Promise<Reply> {
  const [type = '', hash = '', to] = ['type', 'token', 'redirect_to'].map(
    (name) => url.searchParams.get(name) ?? '',
  )
  const outcome = await redeem(context, type, hash).then(
    ({ user: _, ...session }) => ({ ...session, type }),
    (error: unknown) => {
      if (!(error instanceof AuthError)) throw error
      return { error: 'access_denied', error_code: error.code, error_description: error.message }
    },
  )
  const texts = Object.entries(outcome).map(([name, value]): [string, string] => [name, String(value)])
  return {
    status: 303,
    headers: { Location: `${to || context.auth.siteUrl}#${new URLSearchParams(texts).toString()}` },
  }
}

/** @throws AuthError `otp_expired` */
async function redeem(context: AuthContext, type: string, hash: string): Promise<SessionAnswer> {
  const { pool, clock } = context
  const { rows } = await pool.query<{ user_id: string; relates_to: string; created_at: string }>(
    `delete from auth.one_time_tokens where token_hash = $1 and (token_type = any ($2) or $3)
     returning user_id, relates_to, created_at::text`,
    [hash, kindsOf(type), type === 'email'],
  )
  const [found] = rows
  if (!found || clock() - Date.parse(`${found.created_at}Z`) > lifetime) {
    throw new AuthError(403, 'otp_expired', 'Email link is invalid or has expired')
  }
  const { email: current } = await mustGetUser(pool, found.user_id)
  const moved = found.relates_to === current ? {} : { email: found.relates_to }
  const user = await changeUser(pool, found.user_id, { ...moved, confirmed: true }, clock())
  return openSession(context, user, 'otp')
}

/** A link to change an address is verified under one name. */
const kindsOf = (type: string) =>
  type === 'email_change' ? ['email_change_current', 'email_change_new'] : [type]

const hashOf = (email: string, code: string) => createHash('sha224').update(`${email}${code}`).digest('hex')
