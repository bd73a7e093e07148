import type { Relationship } from '../catalog/relationship.js'
import type { Condition } from '../grammar/ast.js'
import type { ReadNode } from '../resolve/node.js'
import { ident, join, type Sql, sql } from '../sql/sql.js'

/**
 * Only the columns the answer needs, since a role may be allowed to read some and not others; among
 * them those a function computes of a row, while it still is a row of its table.
 * @param rows what they are columns of
 */
export function returningOf(rows: Sql, { columns, order, where, embeds }: ReadNode): Sql {
  const fields = columns.flatMap((column) => (column.kind === 'all' ? ['*'] : [column.field.column]))
  const isComputed = embeds.some(({ relationship }) => relationship.kind === 'computed')
  if (isComputed || fields.includes('*') || fields.length + embeds.length === 0) return sql`${rows}.*`
  const ordered = order.flatMap(({ field, relation }) => (relation === undefined ? [field.column] : []))
  const tied = embeds.flatMap(({ relationship }) => ownColumns(relationship))
  const embedded = new Set(embeds.map(({ key }) => key))
  const filtered = where.flatMap(columnsOf).filter((column) => !embedded.has(column))
  const needed = new Set([...fields, ...ordered, ...tied, ...filtered])
  return join([...needed].map((column) => sql`${rows}.${ident(column)}`))
}

const columnsOf = (condition: Condition): string[] =>
  condition.kind === 'comparison' ? [condition.field.column] : condition.of.flatMap(columnsOf)

/** The columns by which other rows belong to a row. */
function ownColumns(relationship: Relationship): string[] {
  if (relationship.kind === 'computed') return []
  const { columns } = relationship.kind === 'many-to-many' ? relationship.source : relationship
  return columns.map(([own]) => own)
}
