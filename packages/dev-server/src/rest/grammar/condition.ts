import type { Condition } from './ast.js'
import { readComparison, readQuoted } from './comparison.js'
import { aName, readField } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

/** Deeper conditions are nobody's; a limit keeps them off the call stack. */
const deepest = 100

/**
 * `and` or `or` with its right side: `not.or` and `(a.eq.1,not.and(b.gt.2,c.is.null))`. What stands behind
 * is passed over, as PostgREST does.
 * @param word the end of the parameter's name
 */
export function parseCondition(word: string, text: string): Condition {
  const scanner = scan(`${word}${text}`, `logic tree (${text})`)
  return readGroup(scanner, 0)
}

function readGroup(scanner: Scanner, depth: number): Condition {
  if (depth > deepest) scanner.fail('fewer levels of conditions')
  const negated = scanner.take(/not\./y) !== undefined
  const kind = scanner.must(/and|or/y, 'logic operator (and, or)') === 'and' ? 'and' : 'or'
  scanner.must(/\s*\(\s*/y, '"("')
  const of = separated(scanner, /\s*,\s*/y, () => readCondition(scanner, depth), '","')
  scanner.must(/\s*\)\s*/y, '")"')
  return { kind, negated, of }
}

function readCondition(scanner: Scanner, depth: number): Condition {
  if (scanner.sees(/(?:not\.)?(?:and|or)\s*\(/y)) return readGroup(scanner, depth + 1)
  if (scanner.sees(/\)|$/y)) scanner.fail(`${aName}, negation operator (not) or logic operator (and, or)`)
  const field = readField(scanner)
  scanner.must(/\s*\./y, 'delimiter (.)')
  return readComparison(scanner, field, () => readValue(scanner))
}

/** A value ends at a comma or a parenthesis, unless it is quoted or stands in braces. */
function readValue(scanner: Scanner): string {
  return readQuoted(scanner) ?? readBraces(scanner) ?? scanner.take(/[^,)]*/y) ?? ''
}

/** `{a,"b}"}`, and `{{a},{b}}` too, which stands for an array of arrays. */
function readBraces(scanner: Scanner): string | undefined {
  const open = scanner.take(/\{/y)
  if (open === undefined) return undefined
  let text = open
  for (let depth = 1; depth > 0;) {
    const piece = scanner.must(/"(?:[^"\\]|\\.)*"|[{}]|[^{}"]+|"/suy, '"}"')
    if (piece === '{') depth += 1
    if (piece === '}') depth -= 1
    text += piece
  }
  return text
}
