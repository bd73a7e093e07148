import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Pool } from 'pg'
import { AuthError } from './answers.js'

/** A row of `auth.users`, as far as sessions need it. */
export interface UserRow {
  readonly id: string
  readonly email: string | null
  readonly role: string
  readonly encrypted_password: string | null
  readonly email_confirmed_at: string | null
  readonly last_sign_in_at: string | null
  readonly raw_app_meta_data: Readonly<Record<string, unknown>> | null
  readonly raw_user_meta_data: Readonly<Record<string, unknown>> | null
  readonly is_anonymous: boolean
  readonly created_at: string
  readonly updated_at: string
}

const columns = `id, email, role, encrypted_password, email_confirmed_at, last_sign_in_at, raw_app_meta_data,
  raw_user_meta_data, is_anonymous, created_at, updated_at`
const derive = promisify<string, string, number, Buffer>(scrypt)

export const findUser = async (
  pool: Pool,
  by: 'id' | 'email',
  value: string,
): Promise<UserRow | undefined> => {
  const where = by === 'id' ? 'id::text = $1' : 'lower(email) = lower($1)'
  return (await pool.query<UserRow>(`select ${columns} from auth.users where ${where}`, [value])).rows[0]
}

/** Makes a confirmed user. Throws `user_already_exists` for a known address. */
export async function createUser(
  pool: Pool,
  email: string,
  password: string,
  data: unknown,
): Promise<UserRow> {
  if (await findUser(pool, 'email', email))
    throw new AuthError(422, 'user_already_exists', 'User already registered')
  const { rows } = await pool.query<UserRow>(
    `insert into auth.users (instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
       raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
     values ('00000000-0000-0000-0000-000000000000', $1, 'authenticated', 'authenticated', $2, $3, now(),
       '{"provider":"email","providers":["email"]}', $4, now(), now())
     returning ${columns}`,
    [randomUUID(), email.toLowerCase(), await hashPassword(password), JSON.stringify(data ?? {})],
  )
  return rows[0] as UserRow
}

/** Changes address, password or metadata; what is left out stays. */
export async function changeUser(
  pool: Pool,
  id: string,
  { email, password, data }: { email?: string; password?: string; data?: unknown },
): Promise<UserRow> {
  const hash = password === undefined ? null : await hashPassword(password)
  const { rows } = await pool.query<UserRow>(
    `update auth.users set email = coalesce($2, email), encrypted_password = coalesce($3, encrypted_password),
       raw_user_meta_data = coalesce(raw_user_meta_data, '{}') || coalesce($4::jsonb, '{}'), updated_at = now()
     where id = $1 returning ${columns}`,
    [id, email ?? null, hash, data === undefined ? null : JSON.stringify(data)],
  )
  return rows[0] as UserRow
}

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString('base64url')
  return `scrypt:${salt}:${(await derive(password, salt, 32)).toString('base64url')}`
}

/** Compares with our own hashes, and with the bcrypt ones that seeds make with pgcrypto. */
export async function passwordMatches(pool: Pool, password: string, hash: string | null): Promise<boolean> {
  const [kind, salt = '', expected = ''] = (hash ?? '').split(':')
  if (kind === 'scrypt') {
    const wanted = Buffer.from(expected, 'base64url')
    return timingSafeEqual(await derive(password, salt, wanted.length), wanted)
  }
  if (!hash?.startsWith('$2')) return false
  const { rows } = await pool.query<{ same: boolean }>('select extensions.crypt($1, $2) = $2 as same', [
    password,
    hash,
  ])
  return rows[0]?.same === true
}

/** A user as the client sees one. */
export const publicUser = (user: UserRow) => ({
  id: user.id,
  aud: 'authenticated',
  role: user.role,
  email: user.email ?? '',
  email_confirmed_at: user.email_confirmed_at,
  phone: '',
  confirmed_at: user.email_confirmed_at,
  last_sign_in_at: user.last_sign_in_at,
  app_metadata: user.raw_app_meta_data ?? {},
  user_metadata: user.raw_user_meta_data ?? {},
  identities: [],
  created_at: user.created_at,
  updated_at: user.updated_at,
  is_anonymous: user.is_anonymous,
})
