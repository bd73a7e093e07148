import type { ClientBase } from 'pg'
import type { Table } from './catalog.js'

/** A table as PostgreSQL numbers it. */
export type NumberedTable = Table & { readonly oid: number }

/**
 * Reads all tables and views; those of hidden schemas without their columns, since only their keys matter.
 * @param schemas the exposed ones
 */
export async function loadTables(client: ClientBase, schemas: readonly string[]): Promise<NumberedTable[]> {
  const { rows } = await client.query<NumberedTable>(tablesQuery, [schemas])
  return rows
}

/** A bit of `pg_relation_is_updatable`: what triggers and rules make possible counts too. */
const can = (bit: number) =>
  `(c.relkind in ('r', 'p') or (pg_relation_is_updatable(c.oid::regclass, true) & ${String(bit)}) <> 0)`

const defaultOf = `case
  when a.attidentity = 'd' then
    format('nextval(%L::regclass)', pg_get_serial_sequence(c.oid::regclass::text, a.attname))
  when a.attidentity = '' and a.attgenerated = '' then
    coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0))
end`

const baseTypeOf = `case when t.typtype = 'd' then (
  with recursive chain (type, base) as (
    select oid, typbasetype from pg_type where oid = a.atttypid
    union all
    select next.oid, next.typbasetype from chain join pg_type next on next.oid = chain.base
  )
  select format_type(type, null) from chain where base = 0
) else format_type(a.atttypid, null) end`

/** The length a text type was declared with; PostgreSQL keeps it with four bytes more. */
const maxLengthOf = `case when coalesce(nullif(t.typbasetype, 0), t.oid) in ('varchar'::regtype, 'bpchar'::regtype)
  then nullif(greatest(a.atttypmod, t.typtypmod), -1) - 4 end`

const labelsOf = 'array(select enumlabel from pg_enum where enumtypid = a.atttypid order by enumsortorder)'

const formsOf = `case when t.typtype = 'd' then (
  select coalesce(json_object_agg(
    case k.castsource when t.oid then 'toJson' when 'json'::regtype then 'fromJson' else 'fromText' end,
    json_build_object('schema', k_in.nspname, 'name', p.proname)
  ), '{}')
  from pg_cast k join pg_proc p on p.oid = k.castfunc join pg_namespace k_in on k_in.oid = p.pronamespace
  where k.castcontext = 'i' and (k.castsource, k.casttarget) in (
    (t.oid, 'json'::regtype), ('json'::regtype, t.oid), ('text'::regtype, t.oid)
  )
) else '{}' end`

const columnsOf = `select coalesce(json_agg(json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'baseType', ${baseTypeOf},
    'default', ${defaultOf},
    'isNullable', not (a.attnotnull or t.typtype = 'd' and t.typnotnull),
    'maxLength', ${maxLengthOf},
    'description', col_description(c.oid, a.attnum),
    'labels', case when t.typtype = 'e' then ${labelsOf} else '{}' end,
    'forms', ${formsOf}
  ) order by a.attnum), '[]')
  from pg_attribute a
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`

const primaryKeyOf = `select coalesce(json_agg(a.attname order by a.attname), '[]')
  from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
  where k.conrelid = c.oid and k.contype = 'p'`

const tablesQuery = `
select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name, c.relkind in ('v', 'm') as "isView",
  ${can(8)} as "canInsert", ${can(4)} as "canUpdate", ${can(16)} as "canDelete",
  obj_description(c.oid, 'pg_class') as description,
  case when n.nspname = any($1) then (${columnsOf}) else '[]' end as columns, (${primaryKeyOf}) as "primaryKey"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
order by n.nspname, c.relname`
