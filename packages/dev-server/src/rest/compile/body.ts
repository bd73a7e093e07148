import type { DatabaseFunction } from '../catalog/catalog.js'
import type { MediaHandler } from '../catalog/handlers.js'
import type { Media } from '../request/media.js'
import { tableName } from '../sql/source.js'
import { type Sql, sql } from '../sql/sql.js'

/**
 * The rows of `_result` in the form the caller wants. JSON stays JSON: PostgreSQL writes it in the end as it is, while
 * a page that is made text before is copied twice.
 */
export function bodyOf({ shape, stripNulls, handler }: Media, target?: DatabaseFunction): Sql {
  if (handler) return written(handler, target)
  if (shape === 'csv') return csv
  if (shape === 'geojson') return geojson
  const isScalar = target !== undefined && target.returns !== 'composite'
  const rows = isScalar ? sql`json_agg(_result.pgrst_scalar)` : sql`json_agg(_result)`
  const given = stripNulls ? sql`json_strip_nulls(${rows})` : rows
  const isOne = shape === 'object' || target?.returnsSet === false
  return isOne ? sql`coalesce(${given} -> 0, 'null')` : sql`coalesce(${given}, '[]')`
}

/** What the app's own handler makes of the rows, or of the one value a function gives; bytes as hexadecimal digits. */
function written(handler: MediaHandler, target?: DatabaseFunction): Sql {
  const body = handledBy(handler, target)
  return handler.isBinary ? sql`encode(${body}::bytea, 'hex')` : body
}

function handledBy(handler: MediaHandler, target?: DatabaseFunction): Sql {
  const { kind, target: own } = handler
  // The value is of the domain already; there may be none.
  if (kind === 'domain') return sql`(array_agg(_result.pgrst_scalar))[1]`
  const isValue = target?.returns === 'scalar' && !target.returnsSet
  if (isValue) return sql`${tableName(handler)}(_result.pgrst_scalar)`
  return own ? sql`${tableName(handler)}(_result::${tableName(own)})` : sql`${tableName(handler)}(_result)`
}

/** PostgreSQL writes a row as text in a form that is CSV between its parentheses. */
const csv = sql`coalesce((select string_agg(_name, ',') from json_object_keys((json_agg(_result) -> 0)) as _name), '')
  || E'\n' || coalesce(string_agg(substring(_result::text, 2, length(_result::text) - 2), E'\n'), '')`

/** Each row is a feature; the function comes with PostGIS. */
const geojson = sql`json_build_object('type', 'FeatureCollection',
  'features', coalesce(json_agg(st_asgeojson(_result)::json), '[]'))::text`
