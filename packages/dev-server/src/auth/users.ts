import { randomUUID } from 'node:crypto'
import { DatabaseError, type Pool, type PoolClient } from 'pg'
import { AuthError } from './answers.js'
import type { Body } from './body.js'
import { hashPassword } from './passwords.js'

export type Queryable = Pool | PoolClient

/** A row of `auth.users`, as far as sessions need it. */
export interface UserRow {
  readonly id: string
  readonly email: string | null
  readonly role: string | null
  readonly encrypted_password: string | null
  readonly email_confirmed_at: Date | null
  readonly last_sign_in_at: Date | null
  readonly banned_until: Date | null
  readonly raw_app_meta_data: Body | null
  readonly raw_user_meta_data: Body | null
  readonly is_anonymous: boolean
  readonly created_at: Date | null
  readonly updated_at: Date | null
}

/** What a new user is made of. */
export interface NewUser {
  readonly id?: string | undefined
  readonly email: string
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

const columns = `id, email, role, encrypted_password, email_confirmed_at, last_sign_in_at, banned_until,
  raw_app_meta_data, raw_user_meta_data, is_anonymous, created_at, updated_at`

/** The user of an id or an address, whatever its case. */
export async function getUser(
  db: Queryable,
  by: 'id' | 'email',
  value: string,
): Promise<UserRow | undefined> {
  const where = by === 'id' ? 'id::text = lower($1)' : 'lower(email) = lower($1) and not is_sso_user'
  const { rows } = await db.query<UserRow>(`select ${columns} from auth.users where ${where}`, [value])
  return rows[0]
}

/**
 * Makes a user.
 * @param now when, in ms
 * @throws AuthError `taken`, for an address or an id that somebody has
 */
export async function createUser(
  db: Queryable,
  user: NewUser,
  now: number,
  taken: AuthError,
): Promise<UserRow> {
  const hash = user.password === undefined ? null : await hashPassword(user.password)
  const appMetadata = { provider: 'email', providers: ['email'], ...user.appMetadata }
  const values = [user.id ?? randomUUID(), user.role ?? 'authenticated', user.email, hash, user.confirmed]
  const metadata = [JSON.stringify(appMetadata), JSON.stringify(user.userMetadata ?? {})]
  const inserted = await db
    .query<UserRow>(
      `insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
         raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
       values ('00000000-0000-0000-0000-000000000000', $1, 'authenticated', $2, $3, $4,
         case when $5 then $8::timestamptz end, $6, $7, $8, $8)
       returning ${columns}`,
      [...values, ...metadata, new Date(now)],
    )
    .catch((error: unknown) => refuseTaken(error, taken))
  return only(inserted.rows)
}

/**
 * Changes a user.
 * @param now when, in ms
 * @throws AuthError `email_exists`
 */
export async function changeUser(
  db: Queryable,
  id: string,
  change: UserChange,
  now: number,
): Promise<UserRow> {
  const hash = change.password === undefined ? null : await hashPassword(change.password)
  const changed = await db
    .query<UserRow>(
      `update auth.users set email = coalesce($2, email), encrypted_password = coalesce($3, encrypted_password),
         role = coalesce($4, role), updated_at = $5,
         email_confirmed_at = case when $6 then coalesce(email_confirmed_at, $5) else email_confirmed_at end,
         banned_until = case when $7 then $8 else banned_until end,
         raw_user_meta_data = (coalesce(raw_user_meta_data, '{}') || $9) - $10::text[],
         raw_app_meta_data = (coalesce(raw_app_meta_data, '{}') || $11) - $12::text[]
       where id = $1 returning ${columns}`,
      [
        ...[id, change.email, hash, change.role, new Date(now), change.confirmed ?? false],
        ...[change.bannedUntil !== undefined, change.bannedUntil ?? null],
        ...[...merging(change.userMetadata), ...merging(change.appMetadata)],
      ],
    )
    .catch((error: unknown) => refuseTaken(error, emailExists()))
  return only(changed.rows)
}

/** The refusal of an address that another user has. */
export const emailExists = () =>
  new AuthError(422, 'email_exists', 'A user with this email address has already been registered')

/** What to write into metadata, and which of its keys to take out. */
function merging(metadata: Body = {}): [added: string, removed: string[]] {
  const removed = Object.keys(metadata).filter((key) => metadata[key] === null)
  return [JSON.stringify(metadata), removed]
}

function refuseTaken(error: unknown, taken: AuthError): never {
  throw error instanceof DatabaseError && error.code === '23505' ? taken : error
}

function only(rows: readonly UserRow[]): UserRow {
  const [user] = rows
  if (!user) throw new AuthError(404, 'user_not_found', 'User not found')
  return user
}

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
  app_metadata: user.raw_app_meta_data ?? {},
  user_metadata: user.raw_user_meta_data ?? {},
  identities: [],
  created_at: user.created_at,
  updated_at: user.updated_at,
  is_anonymous: user.is_anonymous,
})
