import type { FunctionName } from '../catalog/catalog.js'
import type { Comparison, Condition } from '../grammar/ast.js'
import { type Source, tableName } from '../sql/source.js'
import { arrayText } from '../sql/arrayText.js'
import { empty, join, param, type Sql, sql } from '../sql/sql.js'
import { columnOf, fieldOf } from './field.js'

/** What conditions are about. */
export interface Scope {
  readonly source: Source
  /** Of an embedded resource by its name; undefined when there is none of that name. */
  readonly presence?: (embed: string) => Presence | undefined
}

/** Conditions that say whether anything of an embedded resource belongs to the row. */
export interface Presence {
  readonly absent: Sql
  readonly present: Sql
}

/** ` where …` with all of them; nothing without conditions. */
export const whereAll = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? empty : sql` where ${join(conditions, sql` and `)}`

/** A condition as SQL, in parentheses. */
export function conditionOf(scope: Scope, condition: Condition): Sql {
  const presence = presenceOf(scope, condition)
  if (presence) return presence
  const positive =
    condition.kind === 'comparison' ? comparisonOf(scope, condition) : groupOf(scope, condition)
  return condition.negated ? sql`(not ${positive})` : positive
}

/** `owner=is.null` asks whether there is an owner, where owners are embedded. */
function presenceOf({ presence }: Scope, condition: Condition): Sql | undefined {
  if (condition.kind !== 'comparison' || condition.operator !== 'is') return undefined
  const { field, value, negated } = condition
  if (field.path.length > 0 || (value !== 'null' && value !== 'not_null')) return undefined
  const found = presence?.(field.column)
  return negated === (value === 'null') ? found?.present : found?.absent
}

function groupOf(scope: Scope, { kind, of }: Exclude<Condition, Comparison>): Sql {
  const parts = of.map((condition) => conditionOf(scope, condition))
  return sql`(${join(parts, kind === 'or' ? sql` or ` : sql` and `)})`
}

const infix: Readonly<Record<string, Sql>> = {
  eq: sql`=`,
  neq: sql`<>`,
  gt: sql`>`,
  gte: sql`>=`,
  lt: sql`<`,
  lte: sql`<=`,
  like: sql`like`,
  ilike: sql`ilike`,
  match: sql`~`,
  imatch: sql`~*`,
  isdistinct: sql`is distinct from`,
  cs: sql`@>`,
  cd: sql`<@`,
  ov: sql`&&`,
  sl: sql`<<`,
  sr: sql`>>`,
  nxr: sql`&<`,
  nxl: sql`&>`,
  adj: sql`-|-`,
}

const states: Readonly<Record<string, Sql>> = {
  null: sql`null`,
  not_null: sql`not null`,
  true: sql`true`,
  false: sql`false`,
  unknown: sql`unknown`,
}

const textSearch: Readonly<Record<string, Sql>> = {
  fts: sql`to_tsquery`,
  plfts: sql`plainto_tsquery`,
  phfts: sql`phraseto_tsquery`,
  wfts: sql`websearch_to_tsquery`,
}

function comparisonOf(scope: Scope, comparison: Comparison): Sql {
  const { operator, value, field } = comparison
  const left = fieldOf(scope.source, field)
  const form = formOf(scope.source, comparison)
  if (operator === 'in') return sql`(${left} = any(${listOf(arrayText([value].flat()), form)}))`
  if (operator === 'is') return sql`(${left} is ${states[String(value)] ?? sql`null`})`
  const search = textSearch[operator]
  return search ? searchOf(scope.source, comparison, search) : infixOf(left, comparison, String(value), form)
}

/** What reads the value of a filter, where the column's domain has a form of its own for texts. */
function formOf(source: Source, { field, operator }: Comparison): FunctionName | undefined {
  const isPlain = ['like', 'ilike', 'isdistinct'].includes(operator) || field.path.length > 0
  return isPlain ? undefined : columnOf(source, field.column)?.forms.fromText
}

/** The elements of an array, each in the form of the column. */
const listOf = (array: string, form: FunctionName | undefined): Sql =>
  form ? sql`select ${tableName(form)}(unnest(${param(array)}::text[]))` : param(array)

function infixOf(
  left: Sql,
  { operator, quantifier }: Comparison,
  text: string,
  form: FunctionName | undefined,
): Sql {
  const value = operator === 'like' || operator === 'ilike' ? text.replaceAll('*', '%') : text
  const symbol = infix[operator] ?? sql`=`
  if (quantifier === undefined) {
    return sql`(${left} ${symbol} ${form ? sql`${tableName(form)}(${param(value)}::text)` : param(value)})`
  }
  const right = listOf(value, form)
  return quantifier === 'any'
    ? sql`(${left} ${symbol} any(${right}))`
    : sql`(${left} ${symbol} all(${right}))`
}

/** Text is made into a vector with the same configuration as the question. */
function searchOf(source: Source, { field, language, value }: Comparison, search: Sql): Sql {
  const left = fieldOf(source, field)
  const configuration = language === undefined ? empty : sql`${param(language)}::regconfig, `
  const isVector =
    field.path.length === 0 && (columnOf(source, field.column)?.baseType ?? 'tsvector') === 'tsvector'
  const vector = isVector ? left : sql`to_tsvector(${configuration}${left})`
  return sql`(${vector} @@ ${search}(${configuration}${param(String(value))}))`
}
