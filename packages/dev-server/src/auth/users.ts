import { randomUUID } from 'node:crypto'
import { DatabaseError, type Pool } from 'pg'
import { inTransaction } from '../postgres/transaction.js'
import { AuthError } from './answers.js'
import type { Body } from './body.js'
import { identitiesOfUser, keepEmailIdentity } from './identities.js'
import { factorsOfUser } from './factors.js'
import { hashPassword } from './passwords.js'
import type { Queryable, UserRow } from './userRow.js'

/** What a new user is made of. */
export interface NewUser {
  readonly id?: string | undefined
  /** Left out: the user is anonymous. */
  readonly email?: string | undefined
  /** Left out: nobody can sign in with a password. */
  readonly password?: string | undefined
  readonly role?: string | undefined
  readonly confirmed: boolean
  readonly userMetadata?: Body | undefined
  readonly appMetadata?: Body | undefined
}

/** What changes of a user; what is left out stays. A metadata key of value null is removed. */
export interface UserChange {
  readonly email?: string | undefined
  readonly password?: string | undefined
  readonly role?: string | undefined
  readonly confirmed?: boolean | undefined
  /** Null ends a ban. */
  readonly bannedUntil?: Date | null | undefined
  readonly userMetadata?: Body | undefined
  readonly appMetadata?: Body | undefined
}

const columns = `u.id, u.email, u.role, u.encrypted_password, u.email_confirmed_at, u.last_sign_in_at, u.banned_until,
  u.deleted_at, u.raw_app_meta_data, u.raw_user_meta_data, u.is_anonymous, u.created_at, u.updated_at, ${identitiesOfUser}, ${factorsOfUser}`

/** The user of an id or an address, whatever its case. */
export async function getUser(
  db: Queryable,
  by: 'id' | 'email',
  value: string,
): Promise<UserRow | undefined> {
  const where = by === 'id' ? 'u.id::text = lower($1)' : 'lower(u.email) = lower($1) and not u.is_sso_user'
  const { rows } = await db.query<UserRow>(`select ${columns} from auth.users u where ${where}`, [value])
  return rows[0]
}

/**
 * Makes a user, and the identity by address.
 * @param now when, in ms
 * @throws AuthError `taken`, for an address or an id that somebody has; `unexpected_failure` when a trigger of the app fails
 */
export function createUser(pool: Pool, user: NewUser, now: number, taken: AuthError): Promise<UserRow> {
  return inTransaction(pool, async (db) => {
    const id = user.id ?? randomUUID()
    const isAnonymous = user.email === undefined
    const hash = user.password === undefined ? null : await hashPassword(user.password)
    const provided = isAnonymous ? {} : { provider: 'email', providers: ['email'] }
    const values = [id, user.role ?? 'authenticated', user.email ?? null, hash, user.confirmed]
    const metadata = [{ ...provided, ...user.appMetadata }, user.userMetadata ?? {}]
    await db.query(
      `insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
         raw_app_meta_data, raw_user_meta_data, is_anonymous, created_at, updated_at)
       values ('00000000-0000-0000-0000-000000000000', $1, 'authenticated', $2, $3, $4,
         case when $5 then $8::timestamptz end, $6, $7, $9, $8, $8)`,
      [...values, ...metadata.map((one) => JSON.stringify(one)), new Date(now), isAnonymous],
    )
    const { email, confirmed } = user
    if (email !== undefined) await keepEmailIdentity(db, { id, email, confirmed }, new Date(now))
    return mustGetUser(db, id)
  }).catch((error: unknown) => refuse(error, taken, 'Database error saving new user'))
}

/**
 * Changes a user. An anonymous one who gets an address is anonymous no more.
 * @param now when, in ms
 * @throws AuthError `email_exists`; `unexpected_failure` when a trigger of the app fails
 */
export function changeUser(pool: Pool, id: string, change: UserChange, now: number): Promise<UserRow> {
  return inTransaction(pool, async (db) => {
    const hash = change.password === undefined ? null : await hashPassword(change.password)
    const provided = change.email === undefined ? {} : { provider: 'email', providers: ['email'] }
    await db.query(
      `update auth.users set email = coalesce($2, email), encrypted_password = coalesce($3, encrypted_password),
         role = coalesce($4, role), updated_at = $5, is_anonymous = is_anonymous and $2::text is null,
         email_confirmed_at = case when $6 then coalesce(email_confirmed_at, $5) else email_confirmed_at end,
         banned_until = case when $7 then $8 else banned_until end,
         raw_user_meta_data = (coalesce(raw_user_meta_data, '{}') || $9) - $10::text[],
         raw_app_meta_data = ($13::jsonb || coalesce(raw_app_meta_data, '{}') || $11) - $12::text[]
       where id = $1`,
      [
        ...[id, change.email, hash, change.role, new Date(now), change.confirmed ?? false],
        ...[change.bannedUntil !== undefined, change.bannedUntil ?? null],
        ...[...merging(change.userMetadata), ...merging(change.appMetadata), JSON.stringify(provided)],
      ],
    )
    const { email } = change
    if (email !== undefined) await keepEmailIdentity(db, { id, email, confirmed: true }, new Date(now))
    return mustGetUser(db, id)
  }).catch((error: unknown) => refuse(error, emailExists(), 'Database error updating user'))
}

/** @throws AuthError `user_not_found` */
export async function mustGetUser(db: Queryable, id: string): Promise<UserRow> {
  const user = await getUser(db, 'id', id)
  if (!user) throw new AuthError(404, 'user_not_found', 'User not found')
  return user
}

/** The refusal of an address that another user has. */
export const emailExists = () =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered')

/** What to write into metadata, and which of its keys to take out. */
function merging(metadata: Body = {}): [added: string, removed: string[]] {
  const removed = Object.keys(metadata).filter((key) => metadata[key] === null)
  return [JSON.stringify(metadata), removed]
}

function refuse(error: unknown, taken: AuthError, message: string): never {
  if (!(error instanceof DatabaseError)) throw error
  // A trigger of the app fails with the same code when its own table has the key.
  if (error.code === '23505' && error.schema === 'auth') throw taken
  throw new AuthError(500, 'unexpected_failure', message, {}, error)
}

/** As with GoTrue, none is not there at all. */
const unlessEmpty = <Item>(list: readonly Item[]) => (list.length > 0 ? list : undefined)

/** A user as a client sees one. */
export const publicUser = (user: UserRow): object => ({
  id: user.id,
  aud: 'authenticated',
  role: user.role ?? '',
  email: user.email ?? '',
  email_confirmed_at: user.email_confirmed_at ?? undefined,
  phone: '',
  confirmed_at: user.email_confirmed_at ?? undefined,
  last_sign_in_at: user.last_sign_in_at ?? undefined,
  banned_until: user.banned_until ?? undefined,
  deleted_at: user.deleted_at ?? undefined,
  app_metadata: user.raw_app_meta_data ?? {},
  user_metadata: user.raw_user_meta_data ?? {},
  identities: user.identities,
  factors: unlessEmpty(user.factors),
  created_at: user.created_at,
  updated_at: user.updated_at,
  is_anonymous: user.is_anonymous,
})
