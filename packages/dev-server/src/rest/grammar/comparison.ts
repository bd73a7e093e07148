import type { Comparison, Field, Quantifier } from './ast.js'
import { unquote } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

const textSearch = ['fts', 'plfts', 'phfts', 'wfts']
const quantified = ['eq', 'gte', 'gt', 'lte', 'lt', 'like', 'ilike', 'match', 'imatch']
const others = ['neq', 'in', 'is', 'isdistinct', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj']
const operators = [...textSearch, ...quantified, ...others]

/** Longer names first, so that `gte` is not read as `gt`. */
const operator = new RegExp(`(?:${[...operators].sort((a, b) => b.length - a.length).join('|')})(?=[.(])`)
const expected = `"not" or an operator (${[...quantified, ...others, ...textSearch].join(', ')})`

/** The right side of `column=not.eq.5`. */
export function parseComparison(field: Field, text: string): Comparison {
  const scanner = scan(text, `filter (${text})`)
  const comparison = readComparison(scanner, field, () => scanner.take(/[^]*/) ?? '')
  scanner.end()
  return comparison
}

/** True for a text that begins as a comparison does; a function's argument does not have to. */
export const isComparison = (text: string) => scan(text, '').sees(new RegExp(`(?:not\\.)?${operator.source}`))

/**
 * Reads `not.like(any).…`.
 * @param readValue takes the value, which ends differently inside of `or=(…)`
 */
export function readComparison(scanner: Scanner, field: Field, readValue: () => string): Comparison {
  const negated = scanner.take(/not\./) !== undefined
  const name = scanner.must(operator, expected)
  const modifier = readModifier(scanner, name)
  scanner.must(/\./, '"."')
  const value = name === 'in' ? readList(scanner) : readValue()
  return { kind: 'comparison', field, negated, operator: name, ...modifier, value }
}

function readModifier(scanner: Scanner, name: string): { quantifier?: Quantifier; language?: string } {
  if (scanner.take(/\(/) === undefined) return {}
  const modifier = scanner.must(/[\p{L}\p{N}_]+/u, 'a word')
  scanner.must(/\)/, '")"')
  if (textSearch.includes(name)) return { language: modifier }
  const allowed = quantified.includes(name) && (modifier === 'any' || modifier === 'all')
  return allowed ? { quantifier: modifier } : scanner.fail('an operator that takes "any" or "all"')
}

/** `(1,"a,b")`; an empty pair of parentheses is an empty list. */
function readList(scanner: Scanner): string[] {
  scanner.must(/\(/, '"("')
  if (scanner.take(/\)/) !== undefined) return []
  const items = separated(scanner, /,/, () => readQuoted(scanner) ?? scanner.take(/[^,)]*/) ?? '')
  scanner.must(/\)/, '"," or ")"')
  return items
}

/** A quoted value, if nothing but a separator follows it. */
export function readQuoted(scanner: Scanner): string | undefined {
  const quoted = scanner.take(/"(?:[^"\\]|\\.)*"(?=[,)]|$)/su)
  return quoted === undefined ? undefined : unquote(quoted)
}
