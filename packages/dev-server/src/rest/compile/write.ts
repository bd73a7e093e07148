import type { Column, Table } from '../catalog/catalog.js'
import { RestError } from '../errors.js'
import type { Query } from '../grammar/ast.js'
import type { Media } from '../request/media.js'
import type { Preferences } from '../request/preferences.js'
import type { ReadNode } from '../resolve/node.js'
import { tableName } from '../sql/source.js'
import { ident, join, type Sql, sql } from '../sql/sql.js'
import { bodyOf } from './body.js'
import { envelope, sourceRows, type Statement } from './envelope.js'
import { returningOf } from './returning.js'
import { compileNode } from './select.js'

/** What all writes share. */
export interface Write {
  readonly table: Table
  readonly query: Query
  /** The answer, read from the rows that were written. */
  readonly node: ReadNode
  readonly preferences: Preferences
  readonly media: Media
}

/**
 * The statement around a change of rows, which tells what became of them. Without a representation
 * the rows are not read: who may write and not read can still write.
 * @param change `insert …`, `update …` or `delete …`, which gives back the columns it is handed
 */
export function writing(write: Write, change: (returned: Sql) => Sql, isUpsert = false): Statement {
  const { table, node, preferences, media } = write
  const keys = preferences.return === 'headers-only' ? table.primaryKey : []
  const returned =
    preferences.return === 'representation' ? returningOf(tableName(table), node) : keysOf(table, keys)
  const before = sql`${sourceRows} as (${change(returned)})`
  const plain = {
    rows: sql`select * from ${sourceRows}`,
    body: sql`''`,
    keys: keys.length === 0 ? undefined : sql`(json_agg(_result) -> 0)::text`,
  }
  const represented = { rows: compileNode(node), body: bodyOf(media) }
  const answer = preferences.return === 'representation' ? represented : plain
  return { isReadOnly: false, sql: envelope({ before, isUpsert, ...answer }) }
}

const keysOf = (table: Table, keys: readonly string[]) =>
  keys.length === 0 ? sql`1` : join(keys.map((key) => sql`${tableName(table)}.${ident(key)}::text`))

/**
 * The columns of a table by name.
 * @throws RestError PGRST204
 */
export function mustColumns(table: Table, names: readonly string[]): Column[] {
  return [...new Set(names)].map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (column) return column
    const message = `Could not find the '${name}' column of '${table.name}' in the schema cache`
    throw new RestError(400, { code: 'PGRST204', message })
  })
}
