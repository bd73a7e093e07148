import type { Columns } from '../base/json.js'

/** A primary key as IndexedDB and Postgres hold it: one value, or several in the order of the key's columns. */
export type Key = string | number | readonly (string | number)[]

/** A key as a string, for maps. Unique within a table. */
export const keyId = (key: Key): string => (typeof key === 'string' ? key : JSON.stringify(key))

/** The key of a row, or `undefined` when a key column is missing. */
export function getKey(columns: readonly string[], row: Columns): Key | undefined {
  const parts = columns.map((column) => row[column])
  if (!parts.every((part) => typeof part === 'string' || typeof part === 'number')) return undefined
  return parts.length === 1 ? parts[0] : parts
}

/** The key's values by column name. */
export function keyColumns(columns: readonly string[], key: Key): Columns {
  const parts = typeof key === 'object' ? key : [key]
  return Object.fromEntries(columns.map((column, index) => [column, parts[index]]))
}

/** The key of a whole row as a string. Asked of every row that is read, so the usual key is answered at once. */
export function rowId({ key }: { readonly key: readonly string[] }, row: Columns): string {
  const value = key.length === 1 ? row[key[0] ?? ''] : undefined
  return typeof value === 'string' ? value : keyId(getKey(key, row) ?? '')
}
