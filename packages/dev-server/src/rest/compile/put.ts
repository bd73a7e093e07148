import { RestError } from '../errors.js'
import type { Payload } from '../request/payload.js'
import { aliased, tableSource } from '../sql/source.js'
import { sql } from '../sql/sql.js'
import { conditionOf, whereAll } from './condition.js'
import type { Statement } from './envelope.js'
import { conflictAction } from './insert.js'
import { namesOf, rowsOf } from './rows.js'
import { mustColumns, type Write, writing } from './write.js'

/**
 * Puts one row in its place, which the filters name by its whole primary key. A row whose key is another is not written.
 * @throws RestError PGRST105, PGRST115, PGRST204
 */
export function compilePut(write: Write, payload: Payload): Statement {
  const { table, query, preferences } = write
  requireKeyFilters(write)
  const columns = mustColumns(table, query.columns ?? payload.keys)
  if (!table.primaryKey.every((key) => columns.some(({ name }) => name === key))) throw otherKey()
  const rows = aliased(sql`(${rowsOf(columns, payload, preferences.missing)})`, '_put', table)
  const where = whereAll(query.where.map((condition) => conditionOf({ source: rows }, condition)))
  const names = namesOf(columns)
  const insert = sql`insert into ${tableSource(table).from} (${names})
    select ${names} from ${rows.from}${where}${conflictAction(table.primaryKey, columns)}`
  return writing(write, (returned) => sql`${insert} returning ${returned}`, true)
}

/** The row that came is not the one that was to be put. */
export const otherKey = () =>
  new RestError(400, {
    code: 'PGRST115',
    message: 'Payload values do not match URL in primary key column(s)',
  })

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
