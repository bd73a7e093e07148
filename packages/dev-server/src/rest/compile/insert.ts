import type { Column } from '../catalog/catalog.js'
import type { Payload } from '../request/payload.js'
import { tableSource } from '../sql/source.js'
import { empty, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { countUpdated, type Statement } from './envelope.js'
import { namesOf, rowsOf } from './rows.js'
import { mustColumns, type Write, writing } from './write.js'

/**
 * Inserts rows, or merges them into those that are there.
 * @throws RestError PGRST204
 */
export function compileInsert(write: Write, payload: Payload): Statement {
  const { table, query, preferences } = write
  const columns = mustColumns(table, query.columns ?? payload.keys)
  const { from } = tableSource(table)
  const rows = columns.length === 0 ? emptyRows(payload) : rowsOf(columns, payload, preferences.missing)
  const into = columns.length === 0 ? from : sql`${from} (${namesOf(columns)})`
  const insert = sql`insert into ${into} ${rows}${onConflict(write, columns)}`
  const isMerge = preferences.resolution === 'merge-duplicates'
  return writing(write, (returned) => sql`${insert} returning ${returned}`, isMerge)
}

/** As many rows of defaults as there are objects in the body. */
const emptyRows = ({ rows }: Payload) => sql`select from json_array_elements(${param(rows)}::json)`

function onConflict({ table, query, preferences }: Write, columns: readonly Column[]): Sql {
  const target = query.onConflict ?? table.primaryKey
  if (preferences.resolution === undefined || target.length === 0) return empty
  return conflictAction(target, preferences.resolution === 'merge-duplicates' ? columns : [])
}

/** Without columns to take over, a row that is there is left alone. */
export function conflictAction(target: readonly string[], columns: readonly Column[]): Sql {
  const by = sql` on conflict (${join(target.map(ident))})`
  if (columns.length === 0) return sql`${by} do nothing`
  const set = join(columns.map(({ name }) => sql`${ident(name)} = excluded.${ident(name)}`))
  return sql`${by} do update set ${set} where ${countUpdated}`
}
