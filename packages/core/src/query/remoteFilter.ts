import { safeEncode } from 'zod/v4/core'
import { TidemarkError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import type { Table } from '../schema/table.js'
import { unknownColumn } from './checkQuery.js'
import { toCondition } from './predicate.js'
import type { Where } from './query.js'

/**
 * A where as a PostgREST logic expression, values encoded by the columns' codecs and quoted; `undefined`: every row.
 *
 * @throws TidemarkError `query-invalid` for a column that is not declared.
 */
export function remoteFilter(table: Table, where: Where | undefined): string | undefined {
  const terms = termsOf(table, where)
  return terms.length === 0 ? undefined : all(terms)
}

/** `(c1, c2, …) > (v1, v2, …)` in server values: the rows after a position in ascending order. */
export function keysetFilter(columns: readonly string[], after: Columns): string {
  const named = columns.filter((column) => column in after)
  const terms = named.map((column, index) =>
    all([
      ...named.slice(0, index).map((earlier) => term(earlier, 'eq', after[earlier])),
      term(column, 'gt', after[column]),
    ]),
  )
  return terms.length === 1 ? (terms[0] ?? '') : `or(${terms.join(',')})`
}

const all = (terms: readonly string[]): string =>
  terms.length === 1 ? (terms[0] ?? '') : `and(${terms.join(',')})`

/** A condition that no row meets: every key is not null. */
const nothing = (table: Table): string => `${table.key[0] ?? ''}.is.null`

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

const everything = (table: Table): string => `${table.key[0] ?? ''}.not.is.null`

function anyOf(table: Table, parts: readonly Where[]): string {
  if (parts.length === 0) return nothing(table)
  const terms = parts.map((part) => remoteFilter(table, part) ?? everything(table))
  return terms.length === 1 ? (terms[0] ?? '') : `or(${terms.join(',')})`
}

function negated(table: Table, terms: readonly string[]): string {
  return terms.length === 0 ? nothing(table) : `not.and(${terms.join(',')})`
}

const names: Readonly<Record<string, string>> = { ne: 'neq' }

function columnTerm(table: Table, column: string, operator: string, operand: unknown): string {
  const schema = table.row._zod.def.shape[column]
  if (!schema) throw unknownColumn(table, column)
  const encode = (value: unknown): unknown => {
    const result = safeEncode(schema, value as never)
    return result.success ? result.data : value
  }
  if (operator !== 'in') return term(column, names[operator] ?? operator, encode(operand))
  const values = (operand as readonly unknown[]).map((value) => quoted(encode(value)))
  return values.length === 0 ? nothing(table) : `${column}.in.(${values.join(',')})`
}

function term(column: string, operator: string, value: unknown): string {
  if (!/^[A-Za-z_][\w$]*$/.test(column))
    throw new TidemarkError('query-invalid', `'${column}' cannot be named in a filter.`)
  if (value === null && operator === 'eq') return `${column}.is.null`
  return `${column}.${operator}.${quoted(value)}`
}

/** A value as PostgREST reads it inside a logic expression: always in quotes, so that nothing in it is read as grammar. */
function quoted(value: unknown): string {
  const text =
    typeof value === 'string' ? value : typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}
