import type { ColumnPair } from '../catalog/relationship.js'
import { type Embed, unlike } from '../resolve/node.js'
import { aliased, type Source, tableName } from '../sql/source.js'
import { ident, type Sql, sql } from '../sql/sql.js'

/** How the rows that belong to a row are found. */
export interface Attached {
  /** What stands after `from`. */
  readonly from: Sql
  /** Conditions that all hold. */
  readonly belongs: readonly Sql[]
}

/** Ties the rows of an embedded resource to a row of the one outside. */
export function attach({ relationship, node: { source } }: Embed, parent: Source): Attached {
  if (relationship.kind === 'computed') {
    // The type says which of several functions with this name is meant.
    const row = sql`(${parent.row})::${tableName(relationship.table)}`
    return { from: sql`${tableName(relationship.function)}(${row}) as ${source.name}`, belongs: [] }
  }
  if (relationship.kind === 'many-to-many') {
    const { junction, source: near, target: far } = relationship
    const between = aliased(tableName(junction), unlike(`${junction.name}_via`, [parent.label, source.label]))
    return {
      from: sql`${source.from}, ${between.from}`,
      belongs: [...equals(between, parent, near.columns), ...equals(between, source, far.columns)],
    }
  }
  return { from: source.from, belongs: equals(source, parent, relationship.columns) }
}

/** @param columns pairs of a column of `other` and one of `one` */
const equals = (one: Source, other: Source, columns: readonly ColumnPair[]) =>
  columns.map(([theirs, ours]) => sql`${one.name}.${ident(ours)} = ${other.name}.${ident(theirs)}`)
