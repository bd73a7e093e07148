import type { OrderTerm } from './ast.js'
import { readField, readName } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

/** `name.desc.nullslast,id`. */
export function parseOrder(text: string): OrderTerm[] {
  const scanner = scan(text, `order (${text})`)
  const terms = separated(scanner, /,\s*/, () => readTerm(scanner))
  scanner.end()
  return terms
}

function readTerm(scanner: Scanner): OrderTerm {
  const field = readField(scanner)
  const direction = scanner.take(/\.(?:asc|desc)/)
  const nulls = scanner.take(/\.nulls(?:first|last)/)
  return {
    field,
    ...(direction !== undefined && { direction: direction === '.desc' ? 'desc' : 'asc' }),
    ...(nulls !== undefined && { nulls: nulls === '.nullsfirst' ? 'first' : 'last' }),
  }
}

/** `"a","b"`: the columns of an insert, or those a conflict is found by. */
export function parseColumns(text: string, what: string): string[] {
  const scanner = scan(text, `${what} parameter (${text})`)
  const columns = separated(scanner, /,/, () => readName(scanner))
  scanner.end()
  return columns
}
