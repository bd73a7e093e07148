import { randomBytes } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { AuthOptions } from './authOptions.js'

interface TokenRow {
  readonly token: string
  readonly parent: string | null
  readonly revoked: boolean | null
  readonly updated_at: Date | null
}

/** What became of a refresh token: the one to go on with, or why there is none. */
export type Rotation =
  | { readonly name: 'rotated'; readonly token: string; readonly session: string; readonly user: string }
  | { readonly name: 'unknown' }
  | { readonly name: 'already-used' }

/**
 * Makes the next refresh token of a session.
 * @param now when, in ms
 */
export async function issueToken(
  db: PoolClient,
  { session, user, parent = null }: { session: string; user: string; parent?: string | null },
  now: number,
): Promise<string> {
  const token = randomBytes(16).toString('base64url')
  await db.query(
    `insert into auth.refresh_tokens (token, user_id, session_id, parent, revoked, created_at, updated_at)
     values ($1, $2, $3, $4, false, $5, $5)`,
    [token, user, session, parent, new Date(now)],
  )
  return token
}

/**
 * Trades a refresh token for the next one. The parent of the active token gets the active one: its answer was lost on the
 * way. Any other old token was stolen once the reuse interval is over: then the whole session ends. Without rotation a token
 * is good until the session ends.
 * @param now when, in ms
 */
export async function rotateToken(
  db: PoolClient,
  token: string,
  now: number,
  { rotation, reuseInterval }: Pick<AuthOptions, 'rotation' | 'reuseInterval'>,
): Promise<Rotation> {
  const { rows } = await db.query<{ id: string; user_id: string }>(
    `select s.id, s.user_id from auth.sessions s join auth.refresh_tokens t on t.session_id = s.id
     where t.token = $1 for update of s`,
    [token],
  )
  const session = rows[0]
  if (!session) return { name: 'unknown' }
  if (!rotation) return { name: 'rotated', token, session: session.id, user: session.user_id }
  // Read after the lock: another request may have rotated the token meanwhile.
  const next = await nextOf(db, token, session, { now, reuseInterval })
  if (next !== undefined) return { name: 'rotated', token: next, session: session.id, user: session.user_id }
  await db.query('delete from auth.sessions where id = $1', [session.id])
  return { name: 'already-used' }
}

async function nextOf(
  db: PoolClient,
  token: string,
  session: { id: string; user_id: string },
  { now, reuseInterval }: { now: number; reuseInterval: number },
): Promise<string | undefined> {
  const { rows } = await db.query<TokenRow>(
    `select token, parent, revoked, updated_at from auth.refresh_tokens where session_id = $1 order by id desc`,
    [session.id],
  )
  const given = rows.find((row) => row.token === token)
  const active = rows.find((row) => row.revoked !== true)
  if (given?.revoked === true) {
    if (active?.parent === token) return active.token
    if (now - Number(given.updated_at) > reuseInterval * 1_000) return undefined
  } else {
    await db.query('update auth.refresh_tokens set revoked = true, updated_at = $2 where token = $1', [
      token,
      new Date(now),
    ])
  }
  return issueToken(db, { session: session.id, user: session.user_id, parent: token }, now)
}
