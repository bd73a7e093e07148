import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
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
  return sessionAnswer(context, { user: signedIn, session, refreshToken })
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
  return sessionAnswer(context, { user, session: rotation.session, refreshToken: rotation.token })
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

/** How sure it is who a session of the user is: `aal1`, or `aal2` after a second factor; undefined when it is not open. */
export async function assuranceOf(db: Queryable, user: string, session: string): Promise<string | undefined> {
  const { rows } = await db.query<{ aal: string }>(
    `select coalesce(aal::text, 'aal1') as aal from auth.sessions where id::text = $1 and user_id = $2`,
    [session, user],
  )
  return rows[0]?.aal
}

/** Notes that a session has shown a second factor, and ends the user's others that have not. Resolves with its refresh token. */
export async function raiseSession(
  db: PoolClient,
  { user, session, factor }: { readonly user: string; readonly session: string; readonly factor: string },
  now: Date,
): Promise<string> {
  await db.query(
    `insert into auth.mfa_amr_claims (session_id, created_at, updated_at, authentication_method)
     values ($1, $2, $2, 'totp')
     on conflict (session_id, authentication_method) do update set updated_at = excluded.updated_at`,
    [session, now],
  )
  await db.query(`update auth.sessions set aal = 'aal2', factor_id = $2, updated_at = $3 where id = $1`, [
    session,
    factor,
    now,
  ])
  await db.query(`delete from auth.sessions where user_id = $1 and coalesce(aal::text, 'aal1') < 'aal2'`, [
    user,
  ])
  const { rows } = await db.query<{ token: string }>(
    `update auth.refresh_tokens set revoked = true, updated_at = $2
     where session_id = $1 and revoked is not true returning token`,
    [session, now],
  )
  return issueToken(db, { session, user, parent: rows[0]?.token ?? null }, +now)
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

/** An open session, and the token to refresh it with. */
export interface Opened {
  readonly user: UserRow
  readonly session: string
  readonly refreshToken: string
}

/** Signs the access token of a session. */
export async function sessionAnswer(
  context: AuthContext,
  { user, session, refreshToken }: Opened,
): Promise<SessionAnswer> {
  const now = Math.floor(context.clock() / 1_000)
  const methods = await methodsOf(context.pool, session)
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
    aal: methods.some(({ method }) => method === 'totp') ? 'aal2' : 'aal1',
    amr: methods,
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

interface MethodUsed {
  readonly method: string
  /** Seconds since the epoch. */
  readonly timestamp: number
}

async function methodsOf(db: Queryable, session: string): Promise<MethodUsed[]> {
  const { rows } = await db.query<MethodUsed>(
    `select authentication_method as method, floor(extract(epoch from updated_at))::int as timestamp
     from auth.mfa_amr_claims where session_id = $1 order by updated_at desc`,
    [session],
  )
  return rows
}
