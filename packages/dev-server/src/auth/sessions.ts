import { randomUUID } from 'node:crypto'
import { inTransaction } from '../postgres/transaction.js'
import { AuthError } from './answers.js'
import type { AuthContext } from './authOptions.js'
import { issueToken, rotateToken } from './tokens.js'
import type { Queryable, UserRow } from './userRow.js'
import { getUser, publicUser } from './users.js'

/** Which sessions a sign-out ends: this one, the other ones of the user, or all. */
export type Scope = 'local' | 'others' | 'global'

/** How a user has shown who they are. */
export type Method = 'password' | 'anonymous' | 'otp'

/**
 * Opens a session for a user and resolves with it, as clients expect it.
 * @throws AuthError `user_banned`
 */
export async function openSession(
  context: AuthContext,
  user: UserRow,
  method: Method,
): Promise<SessionAnswer> {
  refuseBanned(user, context.clock())
  const now = new Date(context.clock())
  const session = randomUUID()
  const refreshToken = await inTransaction(context.pool, async (db) => {
    await db.query(
      `insert into auth.sessions (id, user_id, created_at, updated_at, aal) values ($1, $2, $3, $3, 'aal1')`,
      [session, user.id, now],
    )
    await db.query(
      `insert into auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method)
       values ($1, $2, $2, $3)`,
      [session, now, method],
    )
    await db.query('update auth.users set last_sign_in_at = $2, updated_at = $2 where id = $1', [
      user.id,
      now,
    ])
    return issueToken(db, { session, user: user.id }, +now)
  })
  const signedIn = { ...user, last_sign_in_at: now, updated_at: now }
  return answer(context, { user: signedIn, session, refreshToken })
}

/**
 * Trades a refresh token for a session with a new one.
 * @throws AuthError `refresh_token_not_found`, `refresh_token_already_used`, `user_banned`
 */
export async function refreshSession(context: AuthContext, token: string): Promise<SessionAnswer> {
  const { pool, clock, auth } = context
  const rotation = await inTransaction(pool, (db) => rotateToken(db, token, clock(), auth))
  if (rotation.name === 'already-used') {
    throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used')
  }
  const user = rotation.name === 'rotated' ? await getUser(pool, 'id', rotation.user) : undefined
  if (rotation.name === 'unknown' || !user) {
    throw new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
  }
  refuseBanned(user, clock())
  return answer(context, { user, session: rotation.session, refreshToken: rotation.token })
}

/** Ends sessions of a user; `session` is the one that asks. */
export async function endSessions(
  db: Queryable,
  user: string,
  scope: Scope,
  session?: string,
): Promise<void> {
  const which = { local: 'id = $2', others: 'id is distinct from $2', global: '($2::uuid is null or true)' }[
    scope
  ]
  await db.query(`delete from auth.sessions where user_id = $1 and ${which}`, [user, session ?? null])
}

/** Whether a session of the user is open. */
export async function sessionExists(db: Queryable, user: string, session: string): Promise<boolean> {
  const { rowCount } = await db.query('select from auth.sessions where id::text = $1 and user_id = $2', [
    session,
    user,
  ])
  return rowCount === 1
}

function refuseBanned({ banned_until: until }: UserRow, now: number): void {
  if (until && +until > now) throw new AuthError(400, 'user_banned', 'User is banned')
}

/** A session as clients expect it. */
export interface SessionAnswer {
  readonly access_token: string
  readonly token_type: 'bearer'
  /** Seconds from now. */
  readonly expires_in: number
  /** Seconds since the epoch. */
  readonly expires_at: number
  readonly refresh_token: string
  readonly user: object
}

interface Opened {
  readonly user: UserRow
  readonly session: string
  readonly refreshToken: string
}

async function answer(context: AuthContext, { user, session, refreshToken }: Opened): Promise<SessionAnswer> {
  const now = Math.floor(context.clock() / 1_000)
  const lifetime = context.auth.jwtExpiry
  const accessToken = await context.tokens.sign({
    iss: 'tidemark-dev',
    sub: user.id,
    aud: 'authenticated',
    exp: now + lifetime,
    iat: now,
    email: user.email ?? '',
    phone: '',
    app_metadata: user.raw_app_meta_data ?? {},
    user_metadata: user.raw_user_meta_data ?? {},
    role: user.role ?? 'authenticated',
    aal: 'aal1',
    amr: await methodsOf(context.pool, session),
    session_id: session,
    is_anonymous: user.is_anonymous,
  })
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: lifetime,
    expires_at: now + lifetime,
    refresh_token: refreshToken,
    user: publicUser(user),
  }
}

async function methodsOf(db: Queryable, session: string): Promise<object[]> {
  const { rows } = await db.query<{ method: string; timestamp: number }>(
    `select authentication_method as method, floor(extract(epoch from updated_at))::int as timestamp
     from auth.mfa_amr_claims where session_id = $1 order by updated_at desc`,
    [session],
  )
  return rows
}
