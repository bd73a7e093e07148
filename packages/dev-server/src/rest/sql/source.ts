import type { Table } from '../catalog/catalog.js'
import type { TableName } from '../catalog/relationship.js'
import { ident, type Sql, sql } from './sql.js'

/** What columns are read from. */
export interface Source {
  /** What it is called in messages: the alias, or the name of the table. */
  readonly label: string
  /** Its name before a column. */
  readonly name: Sql
  /** A whole row of it. */
  readonly row: Sql
  /** What stands after `from`. */
  readonly from: Sql
  /** Its columns, where they are known. */
  readonly table?: Table | undefined
}

/** A table by its full name. */
export const tableName = ({ schema, name }: TableName): Sql => sql`${ident(schema)}.${ident(name)}`

/** A table under its own name. */
export function tableSource(table: Table): Source {
  const name = tableName(table)
  return { label: table.name, name, row: sql`${name}.*`, from: name, table }
}

/** Something under another name. */
export function aliased(from: Sql, label: string, table?: Table): Source {
  const name = ident(label)
  return { label, name, row: sql`${name}.*`, from: sql`${from} as ${name}`, table }
}
