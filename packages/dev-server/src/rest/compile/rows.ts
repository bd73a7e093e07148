import type { Column } from '../catalog/catalog.js'
import type { Payload } from '../request/payload.js'
import type { Preferences } from '../request/preferences.js'
import { tableName } from '../sql/source.js'
import { empty, fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'

/** The rows of a body with some of their members as columns, read by PostgreSQL itself. */
export function rowsOf(columns: readonly Column[], { rows }: Payload, missing: Preferences['missing']): Sql {
  const body = sql`${param(rows)}::json`
  const shape = join(columns.map((column) => sql`${ident(column.name)} ${fromCatalog(givenType(column))}`))
  if (missing !== 'default') {
    const values = columns.map((column) => sql`${given(column)} as ${ident(column.name)}`)
    return sql`select ${join(values)} from json_to_recordset(${body}) as _row(${shape})`
  }
  return sql`select ${join(columns.map(valueOrDefault))} from json_array_elements(${body}) as _element(value),
    json_to_record(_element.value) as _row(${shape})${defaultsOf(columns)}`
}

/** A member that is not there becomes the default of its column; one that is null stays null. */
function valueOrDefault(column: Column): Sql {
  const name = ident(column.name)
  if (column.default === null) return sql`${given(column)} as ${name}`
  return sql`case when (_element.value -> ${param(column.name)}::text) is null then _default.${name} else ${given(column)} end as ${name}`
}

/** As in PostgREST every row takes its defaults, whether it needs them or not: a sequence goes on by one for each row. */
function defaultsOf(columns: readonly Column[]): Sql {
  const defaults = columns.flatMap(({ name, default: expression }) =>
    expression === null ? [] : [sql`${fromCatalog(expression)} as ${ident(name)}`],
  )
  if (defaults.length === 0) return empty
  // What speaks of the row is worked out for each.
  return sql`, lateral (select ${join(defaults)} where _element.value is not null) as _default`
}

/** A domain with a form of its own reads the JSON itself. */
const givenType = ({ type, forms }: Column): string => (forms.fromJson ? 'json' : type)

function given({ name, forms }: Column): Sql {
  const value = sql`_row.${ident(name)}`
  return forms.fromJson ? sql`${tableName(forms.fromJson)}(${value})` : value
}

export const namesOf = (columns: readonly Column[]): Sql => join(columns.map(({ name }) => ident(name)))
