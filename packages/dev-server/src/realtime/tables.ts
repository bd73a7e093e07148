import type { Pool } from 'pg'

/** What the dispatcher must know of a table. */
export interface TableFacts {
  readonly schema: string
  readonly name: string
  readonly rls: boolean
  /** REPLICA IDENTITY FULL: old values are delivered. */
  readonly full: boolean
  readonly key: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string; readonly sqlType: string }[]
}

/** Table facts, read once and forgotten after a short time, so that a migration is seen. */
export function tableFacts(pool: Pool): (schema: string, name: string) => Promise<TableFacts | undefined> {
  const cache = new Map<string, { readonly until: number; readonly facts: Promise<TableFacts | undefined> }>()
  return (schema, name) => {
    const id = `${schema}.${name}`
    const known = cache.get(id)
    if (known && known.until > Date.now()) return known.facts
    const facts = read(pool, schema, name)
    cache.set(id, { until: Date.now() + 2_000, facts })
    return facts
  }
}

async function read(pool: Pool, schema: string, name: string): Promise<TableFacts | undefined> {
  const { rows } = await pool.query<Omit<TableFacts, 'schema' | 'name'>>(
    `select c.relrowsecurity as rls, c.relreplident = 'f' as full,
       coalesce((select json_agg(a.attname order by k.n) from pg_index i, unnest(i.indkey) with ordinality k (num, n)
         join pg_attribute a on a.attnum = k.num where a.attrelid = c.oid and i.indrelid = c.oid and i.indisprimary), '[]') as key,
       (select json_agg(json_build_object('name', a.attname, 'type', t.typname, 'sqlType', format_type(a.atttypid, null))
          order by a.attnum) from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [schema, name],
  )
  const [facts] = rows
  return facts && { schema, name, ...facts }
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
