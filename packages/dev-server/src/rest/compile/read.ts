import type { Table } from '../catalog/catalog.js'
import type { Query } from '../grammar/ast.js'
import type { Media } from '../request/media.js'
import type { Preferences } from '../request/preferences.js'
import { type Sql, sql } from '../sql/sql.js'
import { whereOf } from './condition.js'
import { bodyOf, envelope, type Statement } from './envelope.js'
import { tableSource } from './field.js'
import { itemsOf, pageOf } from './select.js'

/** Reads a table or a view. */
export function compileRead(table: Table, query: Query, { count }: Preferences, media: Media): Statement {
  const source = tableSource(table)
  const from = sql` from ${source.name}${whereOf(source, query.where)}`
  const page = sql`select ${itemsOf(source, query.select)}${from}${pageOf(source, query)}`
  return {
    isReadOnly: true,
    sql: envelope({
      before: sql`_page as (${page})${countedOf(from, count)}`,
      rows: sql`select * from _page`,
      body: bodyOf(media),
      total: count === 'exact' ? sql`(select count(*) from _all)` : undefined,
    }),
    ...(count !== undefined && count !== 'exact' && { estimated: sql`select 1${from}` }),
  }
}

const countedOf = (from: Sql, count: Preferences['count']) =>
  count === 'exact' ? sql`, _all as (select 1${from})` : sql``
