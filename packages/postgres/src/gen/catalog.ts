import type { Client } from 'pg'

export interface FoundColumn {
  readonly name: string
  /** As `format_type` writes it, without schema. */
  readonly type: string
  /** The values of an enum. */
  readonly values: readonly string[] | null
  /** The type is an array of `type`. */
  readonly array: boolean
  /** Characters of a varchar, or null. */
  readonly length: number | null
  readonly required: boolean
  readonly generated: boolean
  /** The default's expression, or null. */
  readonly standard: string | null
}

export interface FoundTable {
  readonly name: string
  readonly key: readonly string[]
  readonly columns: readonly FoundColumn[]
  /** The columns of each index, but for that of the key. */
  readonly indexes: readonly (readonly string[])[]
  /** The conditions under which rows may be read, one for each policy. */
  readonly policies: readonly string[]
}

const query = `
  select c.relname as name, key.columns as key,
    (select jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', coalesce(enum.typname, format_type(base.oid, null)),
        'values', (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = enum.oid),
        'array', typ.typelem <> 0 and typ.typlen = -1 and typ.typcategory = 'A',
        'length', case when typ.typname = 'varchar' and a.atttypmod > 4 then a.atttypmod - 4 end,
        'required', a.attnotnull or typ.typnotnull,
        'generated', a.attgenerated <> '' or a.attidentity = 'a',
        'standard', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end
      ) order by a.attnum)
      from pg_attribute a
      join pg_type typ on typ.oid = a.atttypid
      join pg_type base on base.oid = case
        when typ.typcategory = 'A' and typ.typelem <> 0 then typ.typelem when typ.typtype = 'd' then typ.typbasetype else typ.oid end
      left join pg_type enum on enum.oid = base.oid and enum.typtype = 'e'
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attname not in ('sync_xid', 'sync_seq')
    ) as columns,
    (select coalesce(jsonb_agg(columns order by columns), '[]') from (
      select distinct array(
        select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality as one (number, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = one.number order by place) as columns
      from pg_index i where i.indrelid = c.oid and not i.indisprimary and i.indpred is null and i.indexprs is null
    ) found where not columns && '{sync_xid,sync_seq}') as indexes,
    (select coalesce(jsonb_agg(coalesce(pg_get_expr(p.polqual, p.polrelid), 'true')), '[]') from pg_policy p
      where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('r', '*')) as policies
  from pg_class c
  cross join lateral (
    select array(
      select a.attname::text from pg_index i, unnest(i.indkey) with ordinality as one (number, place)
      join pg_attribute a on a.attnum = one.number
      where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid order by place) as columns
  ) key
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and key.columns <> '{}'
    and ($1::text[] is null or c.relname = any ($1))
  order by c.relname`

/** The tables of the schema public that have a primary key, in the order of their names. */
export async function readTables(
  client: Client,
  names: readonly string[] | undefined,
): Promise<FoundTable[]> {
  const { rows } = await client.query<FoundTable>(query, [names ?? null])
  return rows
}
