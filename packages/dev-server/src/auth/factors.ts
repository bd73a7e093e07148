import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { AuthError } from './answers.js'
import type { Factor, Queryable } from './userRow.js'

/** A factor with what only the server knows. */
export interface KnownFactor extends Factor {
  readonly secret: string | null
}

/** How long a factor may wait for its first code, and a challenge for its answer, in ms. */
export const patience = 300_000

const shown = (
  factor: string,
) => `jsonb_strip_nulls(jsonb_build_object('id', ${factor}.id, 'created_at', ${factor}.created_at,
  'updated_at', ${factor}.updated_at, 'status', ${factor}.status, 'friendly_name', nullif(${factor}.friendly_name, ''),
  'factor_type', ${factor}.factor_type))`

/** The column `factors` of a user `u`. */
export const factorsOfUser = `coalesce((select jsonb_agg(${shown('f')} order by f.created_at)
  from auth.mfa_factors f where f.user_id = u.id), '[]') as factors`

/**
 * The factor of a user with this id.
 * @throws AuthError `mfa_factor_not_found`, `validation_failed`
 */
export async function mustFactor(db: Queryable, user: string, id: string): Promise<KnownFactor> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) {
    throw new AuthError(404, 'validation_failed', 'factor_id must be an UUID')
  }
  const { rows } = await db.query<{ factor: Factor; secret: string | null }>(
    `select ${shown('f')} as factor, f.secret from auth.mfa_factors f where f.id = $1 and f.user_id = $2`,
    [id, user],
  )
  const [found] = rows
  if (!found) throw new AuthError(404, 'mfa_factor_not_found', 'Factor not found')
  return { ...found.factor, secret: found.secret }
}

/** Makes a factor that is to be verified, and resolves with its id. */
export async function addFactor(
  db: Queryable,
  factor: { readonly user: string; readonly name: string; readonly secret: string },
  now: Date,
): Promise<string> {
  const id = randomUUID()
  await db.query(
    `insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, created_at, updated_at, secret)
     values ($1, $2, $3, 'totp', 'unverified', $4, $4, $5)`,
    [id, factor.user, factor.name, now, factor.secret],
  )
  return id
}

/** Forgets the factors of everybody that nobody has verified in time. */
export async function dropExpired(db: Queryable, now: Date): Promise<void> {
  await db.query(`delete from auth.mfa_factors where status = 'unverified' and created_at < $1`, [
    new Date(+now - patience),
  ])
}

/** A factor that has shown a right code: it counts from now on, and others that never did are forgotten. */
export async function confirmFactor(db: Queryable, user: string, id: string, now: Date): Promise<void> {
  await db.query(`update auth.mfa_factors set status = 'verified', updated_at = $2 where id = $1`, [id, now])
  await db.query(
    `delete from auth.mfa_factors where user_id = $1 and status = 'unverified' and factor_type = 'totp'`,
    [user],
  )
}

/** Removes a factor; sessions that were raised by it are as they were before. */
export async function removeFactor(db: PoolClient, id: string): Promise<void> {
  await db.query('delete from auth.mfa_factors where id = $1', [id])
  await db.query(
    `with lowered as (update auth.sessions set aal = 'aal1', factor_id = null where factor_id = $1 returning id)
     delete from auth.mfa_amr_claims where authentication_method = 'totp' and session_id in (select id from lowered)`,
    [id],
  )
}
