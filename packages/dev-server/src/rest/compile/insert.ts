import type { Column } from '../catalog/catalog.js'
import { RestError } from '../errors.js'
import type { Payload } from '../request/payload.js'
import { tableSource } from '../sql/source.js'
import { empty, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { conditionOf, whereAll } from './condition.js'
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
function conflictAction(target: readonly string[], columns: readonly Column[]): Sql {
  const by = sql` on conflict (${join(target.map(ident))})`
  if (columns.length === 0) return sql`${by} do nothing`
  const set = join(columns.map(({ name }) => sql`${ident(name)} = excluded.${ident(name)}`))
  return sql`${by} do update set ${set} where ${countUpdated}`
}

/**
 * Puts one row in its place, which the filters name by its whole primary key. A row whose key is another is not written.
 * @throws RestError PGRST105, PGRST204
 */
export function compilePut(write: Write, payload: Payload): Statement {
  const { table, query, preferences } = write
  requireKeyFilters(write)
  const columns = mustColumns(table, query.columns ?? payload.keys)
  const { from } = tableSource(table)
  const row = { label: table.name, name: sql`_put`, row: sql`_put.*`, from: empty, table }
  const where = whereAll(query.where.map((condition) => conditionOf({ source: row }, condition)))
  const rows = columns.length === 0 ? emptyRows(payload) : rowsOf(columns, payload, preferences.missing)
  const insert = sql`insert into ${from} (${namesOf(columns)})
    select ${namesOf(columns)} from (${rows}) as _put${where}${conflictAction(table.primaryKey, columns)}`
  return writing(write, (returned) => sql`${insert} returning ${returned}`, true)
}

function requireKeyFilters({ table: { primaryKey }, query: { where } }: Write): void {
  const filtered = where.map((one) =>
    one.kind === 'comparison' && one.operator === 'eq' && !one.negated && one.quantifier === undefined
      ? one.field.column
      : undefined,
  )
  const isKey = primaryKey.length > 0 && primaryKey.every((column) => filtered.includes(column))
  if (isKey && filtered.every((column) => column !== undefined && primaryKey.includes(column))) return
  throw new RestError(405, {
    code: 'PGRST105',
    message: "Filters must include all and only primary key columns with 'eq' operators",
  })
}
