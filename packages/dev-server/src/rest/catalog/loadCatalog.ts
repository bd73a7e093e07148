import type { Pool } from 'pg'
import type { Catalog, DatabaseFunction, Table } from './catalog.js'

/** Reads the tables, views and functions of the exposed schema. */
export async function loadCatalog(pool: Pool): Promise<Catalog> {
  const tables = await pool.query<Table>(tablesQuery)
  const functions = await pool.query<DatabaseFunction>(functionsQuery)
  return {
    tables: new Map(tables.rows.map((table) => [table.name, table])),
    functions: overloads(functions.rows),
  }
}

function overloads(functions: readonly DatabaseFunction[]): Map<string, DatabaseFunction[]> {
  const byName = new Map<string, DatabaseFunction[]>()
  for (const one of functions) byName.set(one.name, [...(byName.get(one.name) ?? []), one])
  return byName
}

const tablesQuery = `
select n.nspname as schema, c.relname as name,
  (
    select coalesce(json_agg(json_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'default', case
        when a.attidentity <> '' then
          format('nextval(%L::regclass)', pg_get_serial_sequence(c.oid::regclass::text, a.attname))
        when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid)
      end
    ) order by a.attnum), '[]')
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) as columns,
  (
    select coalesce(json_agg(a.attname order by array_position(i.indkey::int2[], a.attnum)), '[]')
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey::int2[])
    where i.indrelid = c.oid and i.indisprimary
  ) as "primaryKey"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f')`

const functionsQuery = `
select n.nspname as schema, p.proname as name,
  (
    select coalesce(json_agg(json_build_object(
      'name', coalesce(p.proargnames[i], ''),
      'type', format_type(coalesce(p.proallargtypes[i], p.proargtypes[i - 1]), null),
      'hasDefault', inputs.position > p.pronargs - p.pronargdefaults,
      'isVariadic', coalesce(p.proargmodes[i] = 'v', false)
    ) order by i), '[]')
    from (
      select i, row_number() over (order by i) as position
      from generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) as i
      where coalesce(p.proargmodes[i], 'i') in ('i', 'b', 'v')
    ) as inputs
  ) as args,
  p.proretset as "returnsSet",
  case
    when t.oid = 'void'::regtype then 'void'
    when t.typtype = 'c' or t.oid = 'record'::regtype or base.typtype = 'c' then 'composite'
    else 'scalar'
  end as returns,
  p.provolatile = 'v' as "isVolatile"
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_type t on t.oid = p.prorettype
left join pg_type base on base.oid = t.typbasetype and t.typtype = 'd'
where n.nspname = 'public' and p.prokind = 'f'
  and t.oid not in ('trigger'::regtype, 'event_trigger'::regtype)`
