import { AuthError } from './answers.js'
import type { Queryable, UserRow } from './userRow.js'

/** An expression: the identities of the user in `u`, oldest first. */
export const identitiesOfUser = `(
  select coalesce(json_agg(json_build_object(
    'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data,
    'provider', i.provider, 'last_sign_in_at', i.last_sign_in_at, 'created_at', i.created_at,
    'updated_at', i.updated_at, 'email', i.email) order by i.created_at), '[]')
  from auth.identities i where i.user_id = u.id) as identities`

/**
 * Makes or changes the identity that a user has by address.
 * @param now when
 */
export async function keepEmailIdentity(
  db: Queryable,
  user: { readonly id: string; readonly email: string; readonly confirmed: boolean },
  now: Date,
): Promise<void> {
  const data = { sub: user.id, email: user.email, email_verified: user.confirmed, phone_verified: false }
  await db.query(
    `insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at)
     values ($1::text, $1::uuid, $2, 'email', $3, $3, $3)
     on conflict (provider_id, provider) do update
     set identity_data = auth.identities.identity_data || excluded.identity_data, updated_at = $3`,
    [user.id, JSON.stringify(data), now],
  )
}

/**
 * Takes an identity from a user; the last one stays.
 * @throws AuthError `identity_not_found`, `single_identity_not_deletable`
 */
export async function unlinkIdentity(db: Queryable, user: UserRow, id: string): Promise<void> {
  if (!user.identities.some(({ identity_id }) => identity_id === id)) {
    throw new AuthError(422, 'identity_not_found', "Identity doesn't exist")
  }
  if (user.identities.length === 1) {
    const message = 'User must have at least 1 identity after unlinking'
    throw new AuthError(422, 'single_identity_not_deletable', message)
  }
  await db.query('delete from auth.identities where id = $1', [id])
}
