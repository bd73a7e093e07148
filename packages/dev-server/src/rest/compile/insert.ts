import type { Column } from '../catalog/catalog.js'
import { type Payload, invalidBody } from '../request/payload.js'
import { fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'
import type { Statement } from './envelope.js'
import { tableSource } from './field.js'
import { definitions, mustColumns, names, nothingToWrite, type Write, writing } from './write.js'

/**
 * Inserts rows, or merges them into those that are there.
 * @throws RestError PGRST102, PGRST204
 */
export function compileInsert(write: Write, payload: Payload): Statement {
  const { table, query, preferences } = write
  if (payload.count === 0) return nothingToWrite
  if (query.columns === undefined && !payload.isUniform) throw invalidBody('All object keys must match')
  const columns = mustColumns(table, query.columns ?? payload.keys)
  const { name } = tableSource(table)
  if (columns.length === 0) return writing(write, sql`insert into ${name} default values`)
  const rows =
    preferences.missing === 'default' ? rowsOrDefaults(columns, payload) : plainRows(columns, payload)
  return writing(write, sql`insert into ${name} (${names(columns)}) ${rows}${onConflict(write, columns)}`)
}

const plainRows = (columns: readonly Column[], { rows }: Payload) =>
  sql`select ${names(columns)} from json_to_recordset(${param(rows)}::json) as _row(${definitions(columns)})`

/** A member that is not there becomes the default of its column; one that is null stays null. */
function rowsOrDefaults(columns: readonly Column[], { rows }: Payload): Sql {
  const values = columns.map(
    ({ name, default: expression }) =>
      sql`case when (_element.value -> ${param(name)}::text) is null then ${fromCatalog(expression ?? 'null')} else _row.${ident(name)} end`,
  )
  return sql`select ${join(values)} from json_array_elements(${param(rows)}::json) as _element(value),
    json_to_record(_element.value) as _row(${definitions(columns)})`
}

/** How many rows were there already is counted in a setting: reading `xmax` would need the right to read. */
const countUpdated = sql`set_config('tidemark.updated',
  (coalesce(nullif(current_setting('tidemark.updated', true), ''), '0')::int + 1)::text, true) <> ''`

function onConflict({ table, query, preferences }: Write, columns: readonly Column[]): Sql {
  const target = query.onConflict ?? table.primaryKey
  if (preferences.resolution === undefined || target.length === 0) return sql``
  const by = sql` on conflict (${join(target.map(ident))})`
  if (preferences.resolution === 'ignore-duplicates') return sql`${by} do nothing`
  const set = join(columns.map(({ name }) => sql`${ident(name)} = excluded.${ident(name)}`))
  return sql`${by} do update set ${set} where ${countUpdated}`
}
