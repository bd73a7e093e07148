import type { AnyTable } from '@tidemark/core'
import type { Check, Finding } from './finding.js'

interface Found {
  readonly name: string
  /** Columns of the primary key, in its order. */
  readonly key: string[]
  readonly columns: { name: string; required: boolean; generated: boolean }[]
}

/** Declarations that do not fit the tables. */
export const columns: Check = async ({ client, declared }) => {
  const tables = Object.values(declared)
  const { rows } = await client.query<Found>(
    `select c.relname as name,
       array(select a.attname::text from pg_index i, unnest(i.indkey) with ordinality as one (number, place)
         join pg_attribute a on a.attnum = one.number
         where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid order by place) as key,
       (select jsonb_agg(jsonb_build_object('name', a.attname, 'generated', a.attgenerated <> '',
         'required', a.attnotnull and not a.atthasdef and a.attidentity = '')) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1)`,
    [tables.map(({ name }) => name)],
  )
  const found = new Map(rows.map((row) => [row.name, row]))
  return tables.flatMap((table) => compare(table, found.get(table.name)))
}

function compare(table: AnyTable, found: Found | undefined): Finding[] {
  if (!found) return [report(table, 'table-missing', `There is no table ${table.name} in the schema public.`)]
  const own = Object.keys(table.row._zod.def.shape)
  const there = new Set(found.columns.map(({ name }) => name))
  const missing = own.filter((name) => !there.has(name))
  const undeclared = found.columns.filter(({ name, required }) => required && !own.includes(name))
  const generated = found.columns.filter(
    ({ name, generated }) => generated && own.includes(name) && !table.generated.includes(name),
  )
  return [
    ...keyDiffers(table, found.key),
    ...missing.map((name) => report(table, 'column-missing', `The declared column ${name} is not there.`)),
    ...undeclared.map(({ name }) =>
      report(
        table,
        'column-undeclared',
        `The column ${name} must have a value and is not declared: inserts are refused.`,
      ),
    ),
    ...generated.map(({ name }) =>
      report(
        table,
        'column-generated',
        `The column ${name} is generated and not declared so: inserts are refused.`,
      ),
    ),
  ]
}

function keyDiffers(table: AnyTable, key: readonly string[]): Finding[] {
  if (key.length === 0 || key.join() === table.key.join()) return []
  const words = `The primary key is (${key.join(', ')}), declared is (${table.key.join(', ')}).`
  return [report(table, 'key-differs', words)]
}

const report = ({ name }: AnyTable, code: string, message: string): Finding => ({
  code,
  severity: 'error',
  table: name,
  message,
  fix: `Correct the declaration of ${name}, or the table; \`tidemark gen\` writes what the database has.`,
})
