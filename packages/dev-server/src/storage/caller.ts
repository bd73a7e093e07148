import type { PoolClient } from 'pg'
import type { Claims, Context, Request } from '../context.js'
import { StorageError } from './errors.js'
import { inTransaction } from '../postgres/transaction.js'

/** Runs work in a transaction in which policies decide for whoever asks. */
export async function asCaller<T>(
  { pool, tokens }: Pick<Context, 'pool' | 'tokens'>,
  { headers }: Request,
  work: (db: PoolClient, claims: Claims) => Promise<T>,
): Promise<T> {
  const token = /^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? headers.apikey ?? ''
  if (token === '') throw new StorageError(403, 'InvalidJWT', 'Unauthorized', 'Invalid Compact JWS')
  const claims = await tokens.verify(token)
  return inTransaction(pool, async (db) => {
    await db.query(`select set_config('request.jwt.claims', $2, true), set_config('role', $1, true)`, [
      claims.role,
      JSON.stringify(claims),
    ])
    return work(db, claims)
  })
}

/** A user's id is a uuid in Supabase; another one is told in `owner_id` alone. */
export const ownerOf = ({ sub }: Claims): { readonly uuid: string | null; readonly text: string | null } => ({
  uuid: sub !== undefined && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(sub) ? sub : null,
  text: sub ?? null,
})
