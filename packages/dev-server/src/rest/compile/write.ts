import type { Column, Table } from '../catalog/catalog.js'
import { RestError } from '../errors.js'
import type { Field, Query } from '../grammar/ast.js'
import type { Media } from '../request/media.js'
import type { Preferences } from '../request/preferences.js'
import { fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { bodyOf, envelope, nothing, type Statement } from './envelope.js'
import { type Source, tableSource } from './field.js'
import { itemsOf, limitOf, orderOf } from './select.js'

/** What all writes share. */
export interface Write {
  readonly table: Table
  readonly query: Query
  readonly preferences: Preferences
  readonly media: Media
}

/** A write that has nothing to do. */
export const nothingToWrite: Statement = { sql: nothing, isReadOnly: false }

/**
 * The statement around a change of rows, which tells what became of them. Without a representation
 * the rows are not read: who may write and not read can still write.
 * @param change `insert …`, `update …` or `delete …` without its `returning`
 */
export function writing({ table, query, preferences, media }: Write, change: Sql): Statement {
  const before = (returned: Sql) => sql`_changed as (${change} returning ${returned})`
  if (preferences.return !== 'representation') {
    const keys = preferences.return === 'headers-only' ? table.primaryKey : []
    const returned = keys.length === 0 ? sql`1` : columnsSql(tableSource(table), keys)
    const only = sql`select * from _changed`
    const row = keys.length === 0 ? undefined : sql`(json_agg(_result) -> 0)`
    return {
      isReadOnly: false,
      sql: envelope({ before: before(returned), rows: only, body: sql`''`, keys: row }),
    }
  }
  const changed: Source = { name: ident('_changed'), table }
  const rows = sql`select ${itemsOf(changed, query.select)} from _changed${orderOf(changed, query.order)}${cut(query)}`
  const returned = returnedColumns(table, query)
  const count = sql`(select count(*) from _changed)`
  return { isReadOnly: false, sql: envelope({ before: before(returned), rows, body: bodyOf(media), count }) }
}

/** A write gives back all of its rows, unless a page of them was asked for. */
function cut(query: Query): Sql {
  if (query.limit === undefined && query.offset === 0) return sql``
  return sql` limit ${param(limitOf(query))}::bigint offset ${param(query.offset)}::bigint`
}

/** Only what is asked for, since a role may be allowed to read some columns and not others. */
function returnedColumns(table: Table, { select, order }: Query): Sql {
  const source = tableSource(table)
  const fields: Field[] = order.map(({ field }) => field)
  for (const item of select) {
    if (item.kind === 'all') return sql`${source.name}.*`
    if (item.kind === 'column') fields.push(item.field)
  }
  return columnsSql(source, [...new Set(fields.map(({ column }) => column))])
}

const columnsSql = (source: Source, names: readonly string[]) =>
  names.length === 0 ? sql`1` : join(names.map((name) => sql`${source.name}.${ident(name)}`))

/**
 * The columns of a table by name.
 * @throws RestError PGRST204
 */
export function mustColumns(table: Table, names: readonly string[]): Column[] {
  return names.map((name) => {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (column) return column
    const message = `Could not find the '${name}' column of '${table.name}' in the schema cache`
    throw new RestError(400, { code: 'PGRST204', message })
  })
}

/** `"a" integer, "b" text`: how PostgreSQL is to read the members of the objects. */
export const definitions = (columns: readonly Column[]): Sql =>
  join(columns.map(({ name, type }) => sql`${ident(name)} ${fromCatalog(type)}`))

export const names = (columns: readonly Column[]): Sql => join(columns.map(({ name }) => ident(name)))
