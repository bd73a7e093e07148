import { randomBytes, randomUUID } from 'node:crypto'
import type { Context } from '../context.js'
import { AuthError } from './answers.js'
import { findUser, publicUser, type UserRow } from './users.js'

/** A refresh token may be used again this long after its first use, in ms: two tabs may race. */
const reuseInterval = 10_000

interface TokenRow {
  readonly token: string
  readonly session_id: string
  readonly user_id: string
  readonly revoked_at: Date | null
}

/** Opens a session for a user and answers it. */
export async function openSession(context: Context, user: UserRow, lifetime: number): Promise<object> {
  const session = randomUUID()
  await context.pool.query('insert into auth.sessions (id, user_id) values ($1, $2)', [session, user.id])
  await context.pool.query('update auth.users set last_sign_in_at = now() where id = $1', [user.id])
  return answer(context, user, session, await newToken(context, session, null), lifetime)
}

/** Trades a refresh token for a new one. A token that was used long ago ends its whole session: it was stolen. */
export async function refreshSession(context: Context, token: string, lifetime: number): Promise<object> {
  const { rows } = await context.pool.query<TokenRow>(
    `select t.token, t.session_id, s.user_id, t.revoked_at
     from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id where t.token = $1`,
    [token],
  )
  const [row] = rows
  const user = row && (await findUser(context.pool, 'id', row.user_id))
  if (!user)
    throw new AuthError(400, 'refresh_token_not_found', 'Invalid Refresh Token: Refresh Token Not Found')
  if (row.revoked_at && context.clock() - +row.revoked_at > reuseInterval) {
    await context.pool.query('delete from auth.sessions where id = $1', [row.session_id])
    throw new AuthError(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used')
  }
  await context.pool.query(
    'update auth.refresh_tokens set revoked_at = coalesce(revoked_at, to_timestamp($2 / 1000.0)) where token = $1',
    [token, context.clock()],
  )
  return answer(context, user, row.session_id, await newToken(context, row.session_id, token), lifetime)
}

/** Ends sessions: this one, the others of the user, or all. */
export async function endSessions(
  context: Context,
  user: string,
  session: string,
  scope: string,
): Promise<void> {
  const which = { local: 'id = $2', others: 'id <> $2' }[scope] ?? '$2::uuid is not null'
  await context.pool.query(`delete from auth.sessions where user_id = $1 and ${which}`, [user, session])
}

export async function sessionExists(context: Context, session: string): Promise<boolean> {
  const { rowCount } = await context.pool.query('select from auth.sessions where id::text = $1', [session])
  return rowCount === 1
}

async function newToken(context: Context, session: string, parent: string | null): Promise<string> {
  const token = randomBytes(16).toString('base64url')
  await context.pool.query(
    'insert into auth.refresh_tokens (token, session_id, parent) values ($1, $2, $3)',
    [token, session, parent],
  )
  return token
}

async function answer(
  context: Context,
  user: UserRow,
  session: string,
  refresh: string,
  lifetime: number,
): Promise<object> {
  const now = Math.floor(context.clock() / 1_000)
  const access = await context.tokens.sign({
    iss: 'tidemark-dev',
    sub: user.id,
    aud: 'authenticated',
    exp: now + lifetime,
    iat: now,
    email: user.email ?? '',
    phone: '',
    app_metadata: user.raw_app_meta_data ?? {},
    user_metadata: user.raw_user_meta_data ?? {},
    role: user.role,
    aal: 'aal1',
    amr: [{ method: 'password', timestamp: now }],
    session_id: session,
    is_anonymous: user.is_anonymous,
  })
  return {
    access_token: access,
    token_type: 'bearer',
    expires_in: lifetime,
    expires_at: now + lifetime,
    refresh_token: refresh,
    user: publicUser(user),
  }
}
