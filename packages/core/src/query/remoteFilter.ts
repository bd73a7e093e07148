import { safeEncode, type $ZodType } from 'zod/v4/core'
import { TidemarkError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import type { Table } from '../schema/table.js'
import { mustColumn } from './checkQuery.js'
import { toCondition } from './conditions.js'
import type { Where } from './query.js'

/**
 * A where as a PostgREST logic expression, values encoded by the columns' codecs and quoted; `undefined`: every row.
 * Lists and objects are sent as JSON, so their columns are to be `jsonb`.
 *
 * @throws TidemarkError `query-invalid` for a column that is not declared, and a value that is null on the server.
 */
export function remoteFilter(table: Table, where: Where | undefined): string | undefined {
  const terms = termsOf(table, where)
  return terms.length === 0 ? undefined : join('and', terms)
}

/**
 * `(c1, c2, …) > (v1, v2, …)` in server values: the rows after a position in ascending order. A position may stop short:
 * then it stands after every row that agrees in the columns it names.
 *
 * @throws TidemarkError `query-invalid` for a position that names no column, or holds a null.
 */
export function keysetFilter(columns: readonly string[], after: Columns): string {
  const end = columns.findIndex((column) => after[column] === undefined)
  const named = end === -1 ? columns : columns.slice(0, end)
  if (named.length === 0 || named.some((column) => after[column] === null))
    throw new TidemarkError('query-invalid', `A position needs values of ${columns.join(', ')}.`)
  const terms = named.map((column, index) => {
    const same = named.slice(0, index).map((earlier) => term(earlier, 'eq', after[earlier]))
    return join('and', [...same, term(column, 'gt', after[column])])
  })
  return join('or', terms)
}

const join = (kind: 'and' | 'or', terms: readonly string[]): string =>
  terms.length === 1 ? (terms[0] ?? '') : `${kind}(${terms.join(',')})`

function termsOf(table: Table, where: Where | undefined): string[] {
  return Object.entries(where ?? {}).flatMap(([name, test]) => {
    if (test === undefined) return []
    if (name === 'and') return (test as readonly Where[]).flatMap((part) => termsOf(table, part))
    if (name === 'or') return [anyOf(table, test as readonly Where[])]
    if (name === 'not') return [negated(table, termsOf(table, test as Where))]
    return Object.entries(toCondition(test)).flatMap(([operator, operand]) =>
      operand === undefined ? [] : [columnTerm(table, name, operator, operand)],
    )
  })
}

/** A key is never null: terms that no row meets, and that every row meets. */
const nothing = (table: Table): string => term(table.key[0] ?? '', 'eq', null)
const everything = (table: Table): string => term(table.key[0] ?? '', 'neq', null)

function anyOf(table: Table, parts: readonly Where[]): string {
  if (parts.length === 0) return nothing(table)
  return join(
    'or',
    parts.map((part) => remoteFilter(table, part) ?? everything(table)),
  )
}

const negated = (table: Table, terms: readonly string[]): string =>
  terms.length === 0 ? nothing(table) : `not.and(${terms.join(',')})`

function columnTerm(table: Table, column: string, operator: string, operand: unknown): string {
  const encode = encoderOf(mustColumn(table, column))
  if (operator !== 'in') return term(column, operator === 'ne' ? 'neq' : operator, encode(operand))
  const values = (operand as readonly unknown[]).map((value) => quoted(encode(value)))
  if (values.length === 0) return nothing(table)
  const list = values.join(',')
  // PostgREST reads a list of one empty text as a list of nothing.
  return list === '""' ? term(column, 'eq', '') : `${nameOf(column)}.in.(${list})`
}

/** A value outside of the schema is still one to compare with: `gt: -1` of a column of positive numbers. */
const encoderOf =
  (schema: $ZodType) =>
  (value: unknown): unknown => {
    const result = safeEncode(schema, value as never)
    const encoded = result.success ? result.data : value
    return typeof encoded === 'string' && isJson(schema) ? JSON.stringify(encoded) : encoded
  }

/** A column that takes text and lists alike is `jsonb`, where a text is written with its quotes. */
const isJson = (schema: $ZodType): boolean =>
  ['', []].every((value) => safeEncode(schema, value as never).success)

function term(column: string, operator: string, value: unknown): string {
  if (value === null && operator === 'eq') return `${nameOf(column)}.is.null`
  if (value === null && operator === 'neq') return `${nameOf(column)}.not.is.null`
  return `${nameOf(column)}.${operator}.${quoted(value)}`
}

/** A name as PostgREST reads it: bare where it can only be a name, in quotes everywhere else. */
const nameOf = (column: string): string => (/^[A-Za-z_]\w*$/.test(column) ? column : inQuotes(column))

/** A value as PostgREST reads it inside a logic expression: always in quotes, so that nothing in it is read as grammar. */
function quoted(value: unknown): string {
  if (value === null) throw new TidemarkError('query-invalid', "Only 'eq' and 'ne' compare with null.")
  if (value instanceof Date) return inQuotes(value.toISOString())
  // Not as JSON, which has no infinity and no bigint.
  if (typeof value === 'number' || typeof value === 'bigint') return inQuotes(String(value))
  return inQuotes(typeof value === 'string' ? value : JSON.stringify(value))
}

const inQuotes = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
