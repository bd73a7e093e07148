import type { ClientBase } from 'pg'
import type { ColumnPair } from './relationship.js'

/** A foreign key as PostgreSQL numbers it. */
export interface ForeignKey {
  readonly constraint: string
  readonly table: NumberedName
  readonly foreign: NumberedName
  readonly columns: readonly ColumnPair[]
  /** Its columns are a key of its own table too: at most one row refers to a row. */
  readonly isUnique: boolean
}

/** A table of any schema. */
export interface NumberedName {
  readonly oid: number
  readonly schema: string
  readonly name: string
}

/** Reads the foreign keys of all schemas, since views may show what lies in hidden ones. */
export async function loadForeignKeys(client: ClientBase): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(foreignKeysQuery)
  return rows
}

const named = (oid: string) => `(
    select json_build_object('oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${oid}
  )`

const foreignKeysQuery = `
select f.conname as constraint, ${named('f.conrelid')} as table, ${named('f.confrelid')} as foreign,
  (
    select json_agg(json_build_array(own.attname, other.attname) order by pair.place)
    from unnest(f.conkey, f.confkey) with ordinality as pair (own, other, place)
    join pg_attribute own on own.attrelid = f.conrelid and own.attnum = pair.own
    join pg_attribute other on other.attrelid = f.confrelid and other.attnum = pair.other
  ) as columns,
  exists (
    select from pg_constraint k
    where k.conrelid = f.conrelid and k.contype in ('p', 'u') and k.conkey @> f.conkey and k.conkey <@ f.conkey
  ) as "isUnique"
from pg_constraint f
where f.contype = 'f' and f.conparentid = 0
order by f.conrelid, f.conname`
