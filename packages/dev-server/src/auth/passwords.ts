import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Pool } from 'pg'

const derive = promisify<string, string, number, Buffer>(scrypt)

/** Hashes a password with scrypt and a salt of its own. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString('base64url')
  const hash = await derive(password, salt, 32)
  return `scrypt:${salt}:${hash.toString('base64url')}`
}

/** Compares with our own hashes, and with the bcrypt ones that seeds make with pgcrypto's `crypt`. */
export async function passwordMatches(pool: Pool, password: string, hash: string | null): Promise<boolean> {
  if (hash?.startsWith('$2')) return matchesBcrypt(pool, password, hash)
  const [kind, salt = '', expected = ''] = (hash ?? '').split(':')
  if (kind !== 'scrypt') return false
  const wanted = Buffer.from(expected, 'base64url')
  return timingSafeEqual(await derive(password, salt, wanted.length), wanted)
}

/** pgcrypto lies in `extensions`, or where a database of somebody else has put it. */
async function matchesBcrypt(pool: Pool, password: string, hash: string): Promise<boolean> {
  const { rows } = await pool.query<{ schema: string }>(
    `select quote_ident(n.nspname) as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace
     where e.extname = 'pgcrypto'`,
  )
  const schema = rows[0]?.schema
  if (schema === undefined) return false
  const compared = await pool.query<{ same: boolean }>(`select ${schema}.crypt($1, $2) = $2 as same`, [
    password,
    hash,
  ])
  return compared.rows[0]?.same === true
}
