import type { Column } from '../catalog/catalog.js'
import type { Field, PathStep } from '../grammar/ast.js'
import type { Source } from '../sql/source.js'
import { ident, param, type Sql, sql } from '../sql/sql.js'

/** A column, or what lies inside of one. */
export function fieldOf(source: Source, { column, path }: Field): Sql {
  const plain = column === '*' ? sql`${source.name}.*` : sql`${source.name}.${ident(column)}`
  if (path.length === 0) return plain
  const type = columnOf(source, column)?.type
  const isJson = type === 'json' || type === 'jsonb'
  return path.reduce(step, isJson ? plain : sql`to_jsonb(${plain})`)
}

/** A column by its name; undefined when it is not known, which one computed by a function never is. */
export const columnOf = ({ table }: Source, column: string): Column | undefined =>
  table?.columns.find(({ name }) => name === column)

function step(inner: Sql, { arrow, key }: PathStep): Sql {
  const typed = typeof key === 'number' ? sql`${param(String(key))}::int` : sql`${param(key)}::text`
  return arrow === '->>' ? sql`(${inner} ->> ${typed})` : sql`(${inner} -> ${typed})`
}

/** The last key of a path names its value; a path of places alone has the name of its column. */
export function nameOf({ column, path }: Field): string {
  const key = path.findLast((one) => typeof one.key === 'string')?.key
  return key === undefined ? column : String(key)
}
