import pg, { type Pool, type PoolClient, type QueryConfig } from 'pg'
import type { Identity } from '../auth.js'
import { transaction } from '../db.js'

/** Says which of these entities a user may hear of. */
export interface Authorise {
  /** The ids the user may see, in any order. */
  entities(user: Identity, code: string, ids: readonly string[]): Promise<string[]>
  /** Whether the user may hear that lists of the entity have changed. */
  list(user: Identity, code: string): Promise<boolean>
}

interface Tracked {
  /** Schema and name, quoted. */
  readonly relation: string
  readonly column: string
}

/**
 * Asks Postgres in the role and with the claims of the user: the tracked table itself, so that its grants and row level
 * security decide, or the function of the app.
 * @param authorize name of a function `(entity_code text, entity_ids uuid[]) returns setof uuid`; left out: the table
 */
export function createAuthorise(pool: Pool, authorize?: string): Authorise {
  return {
    entities: async (user, code, ids) => {
      const question = ids.length === 0 ? undefined : await questionOf(pool, code, authorize)
      if (question === undefined) return []
      return asUser(pool, user, [], async (client) => {
        const { rows } = await client.query<{ id: string }>(question(ids))
        const asked = new Set(ids)
        return rows.map(({ id }) => id).filter((id) => asked.delete(id))
      })
    },
    list: async (user, code) => {
      const tracked = await findTracked(pool, code)
      if (tracked === undefined) return false
      return asUser(pool, user, false, async (client) => {
        const { rows } = await client.query<{ may: boolean }>(
          `select has_schema_privilege(n.oid, 'usage') and has_any_column_privilege(c.oid, 'select') as may
           from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
           where c.oid = to_regclass($1)`,
          [tracked.relation],
        )
        return rows[0]?.may ?? false
      })
    },
  }
}

type Question = (ids: readonly string[]) => QueryConfig

/** What to ask Postgres about entities of a code; undefined where nobody can answer. */
async function questionOf(pool: Pool, code: string, authorize?: string): Promise<Question | undefined> {
  if (authorize !== undefined) {
    const call = authorize.split('.').map(pg.escapeIdentifier).join('.')
    return (ids) => ({ text: `select id from ${call}($1, $2::uuid[]) as id`, values: [code, ids] })
  }
  const tracked = await findTracked(pool, code)
  if (tracked === undefined) return undefined
  const { relation, column } = tracked
  return (ids) => ({
    text: `select ${column} as id from ${relation} where ${column} = any($1::uuid[])`,
    values: [ids],
  })
}

async function findTracked(pool: Pool, code: string): Promise<Tracked | undefined> {
  const { rows } = await pool.query<Tracked>({
    name: 'pubsub-tracked',
    text: `select format('%I.%I', n.nspname, c.relname) as relation, quote_ident(t.id_column) as column
           from app.system_tracked_entity t join pg_catalog.pg_class c on c.oid = t.relation
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace where t.entity_code = $1`,
    values: [code],
  })
  return rows[0]
}

const insufficientPrivilege = '42501'

/** @param refused what it gives where the user may not even ask */
async function asUser<Result>(
  pool: Pool,
  user: Identity,
  refused: Result,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await transaction(pool, async (client) => {
      await client.query(
        `select set_config('request.jwt.claims', $1, true), set_config('request.jwt.claim.sub', $2, true),
           set_config('role', $3, true), set_config('transaction_read_only', 'on', true)`,
        [user.claims, user.userId, user.role],
      )
      return await work(client)
    })
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === insufficientPrivilege) return refused
    throw error
  }
}
