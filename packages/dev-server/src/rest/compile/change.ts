import { RestError } from '../errors.js'
import type { Payload } from '../request/payload.js'
import { ident, join, param, sql } from '../sql/sql.js'
import { whereOf } from './condition.js'
import type { Statement } from './envelope.js'
import { tableSource } from './field.js'
import { definitions, mustColumns, nothingToWrite, type Write, writing } from './write.js'

/**
 * Changes the columns in the body of all rows that match.
 * @throws RestError PGRST204, 21000
 */
export function compileUpdate(write: Write, payload: Payload): Statement {
  const { table, query } = write
  const columns = mustColumns(table, query.columns ?? payload.keys)
  if (columns.length === 0 || payload.count === 0) return nothingToWrite
  requireWhere(write, 'UPDATE')
  const source = tableSource(table)
  const set = join(columns.map(({ name }) => sql`${ident(name)} = _row.${ident(name)}`))
  const row = sql`select * from json_to_recordset(${param(payload.rows)}::json) as _(${definitions(columns)}) limit 1`
  return writing(
    write,
    sql`update ${source.name} set ${set} from (${row}) as _row${whereOf(source, query.where)}`,
  )
}

/**
 * Deletes all rows that match.
 * @throws RestError 21000
 */
export function compileDelete(write: Write): Statement {
  requireWhere(write, 'DELETE')
  const source = tableSource(write.table)
  return writing(write, sql`delete from ${source.name}${whereOf(source, write.query.where)}`)
}

/** Supabase loads `safeupdate` for the callers of its API: a forgotten filter does not empty a table. */
function requireWhere({ query }: Write, verb: 'UPDATE' | 'DELETE'): void {
  if (query.where.length > 0) return
  throw new RestError(400, { code: '21000', message: `${verb} requires a WHERE clause` })
}
