import type { Comparison, Field, Quantifier } from './ast.js'
import { unquote } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

const textSearch = ['fts', 'plfts', 'phfts', 'wfts']
const quantified = ['eq', 'gte', 'gt', 'lte', 'lt', 'like', 'ilike', 'match', 'imatch']
const others = ['neq', 'in', 'is', 'isdistinct', 'cs', 'cd', 'ov', 'sl', 'sr', 'nxr', 'nxl', 'adj']
const operators = [...textSearch, ...quantified, ...others]

/** Longer names first, so that `gte` is not read as `gt`. */
const anyOperator = `(?:${[...operators].sort((a, b) => b.length - a.length).join('|')})(?=[.(])`
const operator = new RegExp(anyOperator, 'y')
const start = new RegExp(`(?:not\\.)?${anyOperator}`, 'y')
const expected = 'operator (eq, gt, ...)'

/** The right side of `column=not.eq.5`. */
export function parseComparison(field: Field, text: string): Comparison {
  const scanner = scan(text, `filter (${text})`)
  return readComparison(scanner, field, () => scanner.take(/[^]*/y) ?? '')
}

/** True for a text that begins as a comparison does; a function's argument does not have to. */
export const isComparison = (text: string) => scan(text, '').sees(start)

/**
 * Reads `not.like(any).…`.
 * @param readValue takes the value, which ends differently inside of `or=(…)`
 */
export function readComparison(scanner: Scanner, field: Field, readValue: () => string): Comparison {
  const negated = scanner.take(/not\./y, '"not"') !== undefined
  const name = scanner.must(operator, expected)
  const modifier = readModifier(scanner, name)
  scanner.must(/\./y, 'delimiter (.)')
  return {
    kind: 'comparison',
    field,
    negated,
    operator: name,
    ...modifier,
    value: readRight(scanner, name, readValue),
  }
}

function readRight(scanner: Scanner, name: string, readValue: () => string): string | string[] {
  if (name === 'in') return readList(scanner)
  if (name === 'is')
    return scanner.must(states, 'isVal: (null, not_null, true, false, unknown)').toLowerCase()
  return readValue()
}

const states = /null|not_null|true|false|unknown/iy

function readModifier(scanner: Scanner, name: string): { quantifier?: Quantifier; language?: string } {
  if (scanner.take(/\(/y) === undefined) return {}
  const modifier = scanner.must(/[\p{L}\p{N}_ $]+/uy, 'a word').trim()
  scanner.must(/\)/y, '")"')
  if (textSearch.includes(name)) return { language: modifier }
  const allowed = quantified.includes(name) && (modifier === 'any' || modifier === 'all')
  return allowed ? { quantifier: modifier } : scanner.fail('an operator that takes "any" or "all"')
}

/** `(1,"a,b")`; an empty pair of parentheses is an empty list. */
function readList(scanner: Scanner): string[] {
  scanner.must(/\s*\(\s*/y, '"("')
  const items = separated(scanner, /,/y, () => readQuoted(scanner) ?? scanner.take(/[^,)]*/y) ?? '')
  scanner.must(/\s*\)\s*/y, '"," or ")"')
  return items.length === 1 && items[0] === '' ? [] : items
}

/** A quoted value, if nothing but a separator follows it. */
export function readQuoted(scanner: Scanner): string | undefined {
  const quoted = scanner.take(/"(?:[^"\\]|\\.)*"(?=[,)]|$)/suy)
  return quoted === undefined ? undefined : unquote(quoted)
}
