import type { Comparison, Condition } from '../grammar/ast.js'
import { ParseError } from '../grammar/parseError.js'
import { join, param, type Sql, sql } from '../sql/sql.js'
import { fieldOf, type Source, typeOf } from './field.js'

/** Conditions that all hold, as `where …`; nothing without conditions. */
export function whereOf(source: Source, conditions: readonly Condition[]): Sql {
  if (conditions.length === 0) return sql``
  return sql` where ${join(
    conditions.map((condition) => conditionOf(source, condition)),
    sql` and `,
  )}`
}

function conditionOf(source: Source, condition: Condition): Sql {
  const positive =
    condition.kind === 'comparison' ? comparisonOf(source, condition) : groupOf(source, condition)
  return condition.negated ? sql`(not ${positive})` : positive
}

function groupOf(source: Source, { kind, of }: Exclude<Condition, Comparison>): Sql {
  const parts = of.map((condition) => conditionOf(source, condition))
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

function comparisonOf(source: Source, comparison: Comparison): Sql {
  const left = fieldOf(source, comparison.field)
  const { operator, value } = comparison
  if (operator === 'in') return value.length === 0 ? sql`false` : sql`(${left} = any(${param(value)}))`
  const text = String(value)
  if (operator === 'is') return sql`(${left} is ${stateOf(text)})`
  const search = textSearch[operator]
  return search ? searchOf(source, comparison, search) : infixOf(left, comparison, text)
}

function infixOf(left: Sql, { operator, quantifier }: Comparison, text: string): Sql {
  const right = param(operator === 'like' || operator === 'ilike' ? text.replaceAll('*', '%') : text)
  const symbol = infix[operator] ?? sql`=`
  if (quantifier === undefined) return sql`(${left} ${symbol} ${right})`
  return quantifier === 'any'
    ? sql`(${left} ${symbol} any(${right}))`
    : sql`(${left} ${symbol} all(${right}))`
}

function stateOf(text: string): Sql {
  const name = text.toLowerCase()
  const state = Object.hasOwn(states, name) ? states[name] : undefined
  if (state) return state
  throw new ParseError(
    `"failed to parse filter (is.${text})" (line 1, column 4)`,
    `unexpected "${text.charAt(0)}" expecting null, not_null, true, false or unknown`,
  )
}

/** Text is made into a vector with the same configuration as the question. */
function searchOf(source: Source, { field, language, value }: Comparison, search: Sql): Sql {
  const left = fieldOf(source, field)
  const configuration = language === undefined ? sql`` : sql`${param(language)}::regconfig, `
  const isVector = field.path.length === 0 && (typeOf(source, field.column) ?? 'tsvector') === 'tsvector'
  const vector = isVector ? left : sql`to_tsvector(${configuration}${left})`
  return sql`(${vector} @@ ${search}(${configuration}${param(String(value))}))`
}
