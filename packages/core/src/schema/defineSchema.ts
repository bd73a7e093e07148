import { TidemarkError } from '../base/errors.js'
import type { Table } from './table.js'

// A table's row, insert and key stand in argument positions; `never` and `object` let every declared table fit.
export type AnyTable = Table<string, object, object>
export type Tables = Readonly<Record<string, AnyTable>>

/** All tables of an app, with the version of their shape. */
export interface Schema<T extends Tables = Tables> {
  /** Raise it with every change of keys, indexes or columns: the device then refetches its rows and keeps its outbox. */
  readonly version: number
  readonly tables: T
}

/**
 * Declares the app's schema.
 *
 * @throws TidemarkError `schema-invalid` when the version is not a positive integer or two tables have one name.
 */
export function defineSchema<const T extends Tables>(schema: Schema<T>): Schema<T> {
  if (!Number.isInteger(schema.version) || schema.version < 1)
    throw new TidemarkError('schema-invalid', `The version must be a positive integer.`)
  const names = Object.values(schema.tables).map((table) => table.name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new TidemarkError('schema-invalid', `Two tables are named '${twice}'.`, { table: twice })
  return schema
}
