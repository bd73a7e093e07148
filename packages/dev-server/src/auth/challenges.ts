import { randomUUID } from 'node:crypto'
import { AuthError } from './answers.js'
import { patience } from './factors.js'
import type { Queryable } from './userRow.js'

/** Only this computer can ask. */
const address = '127.0.0.1'

/** Makes a challenge for a factor, and resolves with its id and until when it can be answered, in seconds since the epoch. */
export async function addChallenge(
  db: Queryable,
  factor: string,
  now: Date,
): Promise<{ readonly id: string; readonly expiresAt: number }> {
  const id = randomUUID()
  await db.query(
    'insert into auth.mfa_challenges (id, factor_id, created_at, ip_address) values ($1, $2, $3, $4)',
    [id, factor, now, address],
  )
  return { id, expiresAt: Math.floor((+now + patience) / 1_000) }
}

/**
 * Refuses an answer to what was not asked, was answered already, or was asked too long ago.
 * @throws AuthError `mfa_factor_not_found`, `mfa_ip_address_mismatch`, `mfa_challenge_expired`
 */
export async function requireOpen(db: Queryable, factor: string, id: string, now: Date): Promise<void> {
  const { rows } = await db.query<{ created_at: Date; verified_at: Date | null }>(
    'select created_at, verified_at from auth.mfa_challenges where id::text = lower($1) and factor_id = $2',
    [id, factor],
  )
  const [challenge] = rows
  if (!challenge) {
    const message = 'MFA factor with the provided challenge ID not found'
    throw new AuthError(422, 'mfa_factor_not_found', message)
  }
  if (challenge.verified_at !== null) {
    throw new AuthError(422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.')
  }
  if (+challenge.created_at + patience >= +now) return
  await db.query('delete from auth.mfa_challenges where id = $1', [id])
  const message = `MFA challenge ${id} has expired, verify against another challenge or create a new challenge.`
  throw new AuthError(422, 'mfa_challenge_expired', message)
}

/**
 * Takes the answer, once.
 * @throws AuthError `mfa_ip_address_mismatch` when another request has answered it meanwhile
 */
export async function closeChallenge(db: Queryable, id: string, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    'update auth.mfa_challenges set verified_at = $2 where id = $1 and verified_at is null',
    [id, now],
  )
  if (rowCount === 1) return
  throw new AuthError(422, 'mfa_ip_address_mismatch', 'Challenge and verify IP addresses mismatch.')
}
