import type { EntityTable } from './entityTables.ts'
import type { Statement } from './listQuery.ts'

type Values = Readonly<Record<string, unknown>>

/** Names of columns have passed the type's schema, so they are ours. */
const quoted = (name: string): string => `"${name}"`

export function insertStatement({ table }: EntityTable, values: Values): Statement {
  const names = Object.keys(values)
  const places = names.map((_, index) => `$${index + 1}`)
  return {
    text: `insert into ${table} as e (${names.map(quoted).join(', ')}) values (${places.join(', ')}) returning to_jsonb(e) as row`,
    values: Object.values(values),
  }
}

/** @param version the version that it must have; left out: any */
export function updateStatement(
  { table }: EntityTable,
  id: string,
  patch: Values,
  version?: number,
): Statement {
  const sets = Object.keys(patch).map((name, index) => `${quoted(name)} = $${index + 3}`)
  return {
    text: `update ${table} e set ${sets.join(', ')} where e.id = $1 and ($2::bigint is null or e.version = $2) returning to_jsonb(e) as row`,
    values: [id, version ?? null, ...Object.values(patch)],
  }
}

export const deleteStatement = ({ table }: EntityTable, id: string, version?: number): Statement => ({
  text: `delete from ${table} e where e.id = $1 and ($2::bigint is null or e.version = $2) returning e.id`,
  values: [id, version ?? null],
})

export const readStatement = ({ table }: EntityTable, id: string): Statement => ({
  text: `select to_jsonb(e) as row from ${table} e where e.id = $1`,
  values: [id],
})
