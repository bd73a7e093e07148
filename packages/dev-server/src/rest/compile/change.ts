import { RestError } from '../errors.js'
import type { Payload } from '../request/payload.js'
import { tableSource } from '../sql/source.js'
import { ident, join, sql, type Sql } from '../sql/sql.js'
import { conditionOf, whereAll } from './condition.js'
import type { Statement } from './envelope.js'
import { rowsOf } from './rows.js'
import { mustColumns, type Write, writing } from './write.js'

/**
 * Changes the columns in the body of all rows that match.
 * @throws RestError PGRST204, 21000
 */
export function compileUpdate(write: Write, payload: Payload): Statement {
  const { table, query, preferences } = write
  const columns = mustColumns(table, query.columns ?? payload.keys)
  const source = tableSource(table)
  if (columns.length === 0)
    return writing(write, (returned) => sql`select ${returned} from ${source.from} where false`)
  requireWhere(write, 'UPDATE')
  const set = join(columns.map(({ name }) => sql`${ident(name)} = _row.${ident(name)}`))
  const row = sql`${rowsOf(columns, payload, preferences.missing)} limit 1`
  const change = sql`update ${source.from} set ${set} from (${row}) as _row${whereOf(write)}`
  return writing(write, (returned) => sql`${change} returning ${returned}`)
}

/**
 * Deletes all rows that match.
 * @throws RestError 21000
 */
export function compileDelete(write: Write): Statement {
  requireWhere(write, 'DELETE')
  const change = sql`delete from ${tableSource(write.table).from}${whereOf(write)}`
  return writing(write, (returned) => sql`${change} returning ${returned}`)
}

function whereOf({ table, query }: Write): Sql {
  const source = tableSource(table)
  return whereAll(query.where.map((condition) => conditionOf({ source }, condition)))
}

/** Supabase loads `safeupdate` for the callers of its API: a forgotten filter does not empty a table. */
function requireWhere({ query }: Write, verb: 'UPDATE' | 'DELETE'): void {
  if (query.where.length > 0) return
  throw new RestError(400, { code: '21000', message: `${verb} requires a WHERE clause` })
}
