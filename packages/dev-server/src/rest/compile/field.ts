import type { Table } from '../catalog/catalog.js'
import type { Field, PathStep } from '../grammar/ast.js'
import { ident, param, type Sql, sql } from '../sql/sql.js'

/** What columns are read from: its name in the statement, and its columns where they are known. */
export interface Source {
  readonly name: Sql
  readonly table?: Table | undefined
}

/** A table by its full name. */
export const tableSource = (table: Table): Source => ({
  name: sql`${ident(table.schema)}.${ident(table.name)}`,
  table,
})

/** A column, or what lies inside of one. */
export function fieldOf(source: Source, { column, path }: Field): Sql {
  const plain = sql`${source.name}.${ident(column)}`
  if (path.length === 0) return plain
  const type = typeOf(source, column)
  const isJson = type === undefined || type === 'json' || type === 'jsonb'
  return path.reduce(step, isJson ? plain : sql`to_jsonb(${plain})`)
}

/** The type of a column; undefined when it is not known. */
export const typeOf = ({ table }: Source, column: string): string | undefined =>
  table?.columns.find(({ name }) => name === column)?.type

function step(inner: Sql, { arrow, key }: PathStep): Sql {
  const typed = typeof key === 'number' ? sql`${param(key)}::int` : sql`${param(key)}::text`
  return arrow === '->>' ? sql`(${inner} ->> ${typed})` : sql`(${inner} -> ${typed})`
}
