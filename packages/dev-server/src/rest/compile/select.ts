import { RestError } from '../errors.js'
import type { Field, OrderTerm, Query, SelectItem } from '../grammar/ast.js'
import { fromCatalog, ident, join, param, type Sql, sql } from '../sql/sql.js'
import { fieldOf, type Source } from './field.js'

/** Rows of one answer, as with Supabase's own settings. */
export const maxRows = 1000

/**
 * The columns of an answer.
 * @throws RestError PGRST123, PGRST200
 */
export function itemsOf(source: Source, items: readonly SelectItem[]): Sql {
  return join(items.map((item) => itemOf(source, item)))
}

function itemOf(source: Source, item: SelectItem): Sql {
  if (item.kind === 'all') return sql`${source.name}.*`
  if (item.kind === 'embed') throw noRelationship(source, item.relation)
  if (item.aggregate !== undefined) throw aggregatesDisabled
  const value = fieldOf(source, item.field)
  const cast = item.cast === undefined ? value : sql`cast(${value} as ${typeName(item.cast)})`
  return sql`${cast} as ${ident(item.alias ?? nameOf(item.field))}`
}

/** The last key of a path names its value. */
function nameOf({ column, path }: Field): string {
  const key = path.findLast((step) => typeof step.key === 'string')?.key
  return key === undefined ? column : String(key)
}

const aggregatesDisabled = new RestError(400, {
  code: 'PGRST123',
  message: 'Use of aggregate functions is not allowed',
})

function noRelationship({ table }: Source, relation: string): RestError {
  const name = table?.name ?? 'result'
  return new RestError(400, {
    code: 'PGRST200',
    message: `Could not find a relationship between '${name}' and '${relation}' in the schema cache`,
    details: `Searched for a foreign key relationship between '${name}' and '${relation}' in the schema 'public', but no matches were found.`,
    hint: 'The development server does not join tables in a request yet; read them one by one.',
  })
}

/** Names that are words of SQL's grammar are not found when they are quoted. */
const grammarTypes: Readonly<Record<string, string>> = {
  int: 'int4',
  integer: 'int4',
  smallint: 'int2',
  bigint: 'int8',
  boolean: 'bool',
  real: 'float4',
  float: 'float8',
  'double precision': 'float8',
  decimal: 'numeric',
  dec: 'numeric',
  character: 'bpchar',
  char: 'bpchar',
  'character varying': 'varchar',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
}

function typeName(cast: string): Sql {
  const isArray = cast.endsWith('[]')
  const name = (isArray ? cast.slice(0, -2) : cast).trim()
  const known = name.toLowerCase()
  const quoted = ident(Object.hasOwn(grammarTypes, known) ? (grammarTypes[known] ?? name) : name)
  return isArray ? sql`${quoted}[]` : quoted
}

/** `order by … limit … offset …`. */
export function pageOf(source: Source, query: Query): Sql {
  return sql`${orderOf(source, query.order)} limit ${param(limitOf(query))}::bigint offset ${param(query.offset)}::bigint`
}

export const limitOf = ({ limit }: Query): number => Math.min(limit ?? maxRows, maxRows)

export function orderOf(source: Source, terms: readonly OrderTerm[]): Sql {
  if (terms.length === 0) return sql``
  return sql` order by ${join(terms.map((term) => termOf(source, term)))}`
}

function termOf(source: Source, { field, direction, nulls }: OrderTerm): Sql {
  const words = [direction ?? '', nulls === undefined ? '' : `nulls ${nulls}`].filter((word) => word !== '')
  return sql`${fieldOf(source, field)} ${fromCatalog(words.join(' '))}`
}
