import type { Column } from '../catalog/catalog.js'
import type { Payload } from '../request/payload.js'
import type { Preferences } from '../request/preferences.js'
import { fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'

/** The rows of a body with some of their members as columns, read by PostgreSQL itself. */
export function rowsOf(columns: readonly Column[], { rows }: Payload, missing: Preferences['missing']): Sql {
  const body = sql`${param(rows)}::json`
  const shape = join(columns.map(({ name, type }) => sql`${ident(name)} ${fromCatalog(type)}`))
  if (missing !== 'default') {
    return sql`select ${namesOf(columns)} from json_to_recordset(${body}) as _row(${shape})`
  }
  return sql`select ${join(columns.map(valueOrDefault))} from json_array_elements(${body}) as _element(value),
    json_to_record(_element.value) as _row(${shape})`
}

/** A member that is not there becomes the default of its column; one that is null stays null. */
function valueOrDefault({ name, default: expression }: Column): Sql {
  const given = sql`_row.${ident(name)}`
  if (expression === null) return given
  return sql`case when (_element.value -> ${param(name)}::text) is null then ${fromCatalog(expression)} else ${given} end as ${ident(name)}`
}

export const namesOf = (columns: readonly Column[]): Sql => join(columns.map(({ name }) => ident(name)))
