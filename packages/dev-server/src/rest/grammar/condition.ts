import type { Condition } from './ast.js'
import { readComparison, readQuoted } from './comparison.js'
import { readField } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

/** Deeper conditions are nobody's; a limit keeps them off the call stack. */
const deepest = 100

/**
 * The right side of `or=(a.eq.1,not.and(b.gt.2,c.is.null))`.
 * @param kind what the name of the parameter says
 */
export function parseCondition(kind: 'and' | 'or', negated: boolean, text: string): Condition {
  const scanner = scan(text, `logic tree (${text})`)
  const of = readConditions(scanner, 1)
  scanner.end()
  return { kind, negated, of }
}

function readConditions(scanner: Scanner, depth: number): Condition[] {
  if (depth > deepest) scanner.fail('fewer levels of conditions')
  scanner.must(/\(/, '"("')
  const conditions = separated(scanner, /,\s*/, () => readCondition(scanner, depth))
  scanner.must(/\)/, '"," or ")"')
  return conditions
}

function readCondition(scanner: Scanner, depth: number): Condition {
  if (!scanner.sees(/(?:not\.)?(?:and|or)\(/)) {
    const field = readField(scanner)
    scanner.must(/\./, '"."')
    return readComparison(scanner, field, () => readValue(scanner))
  }
  const negated = scanner.take(/not\./) !== undefined
  const kind = scanner.take(/and|or/) === 'and' ? 'and' : 'or'
  return { kind, negated, of: readConditions(scanner, depth + 1) }
}

/** A value ends at a comma or a parenthesis, unless it is quoted or stands in braces. */
function readValue(scanner: Scanner): string {
  return readQuoted(scanner) ?? readBraces(scanner) ?? scanner.take(/[^,)]*/) ?? ''
}

function readBraces(scanner: Scanner): string | undefined {
  const open = scanner.take(/\{/)
  if (open === undefined) return undefined
  let text = open
  for (let depth = 1; depth > 0;) {
    const piece = scanner.must(/"(?:[^"\\]|\\.)*"|[{}]|[^{}"]+/su, '"}"')
    if (piece === '{') depth += 1
    if (piece === '}') depth -= 1
    text += piece
  }
  return text
}
