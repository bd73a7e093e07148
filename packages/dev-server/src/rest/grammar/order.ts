import type { OrderTerm } from './ast.js'
import { readField, readName } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

const comma = /\s*,\s*/y

/** `name.desc.nullslast,rank,owner(name).asc`. */
export function parseOrder(text: string): OrderTerm[] {
  const scanner = scan(text, `order (${text})`)
  scanner.take(space)
  const terms = separated(scanner, comma, () => readTerm(scanner), '","')
  scanner.take(space)
  scanner.end()
  return terms
}

const space = /\s+/y

function readTerm(scanner: Scanner): OrderTerm {
  const target = readTarget(scanner)
  const direction = scanner.take(/\.(?:asc|desc)/y)
  const nulls = scanner.take(/\.nulls(?:first|last)/y)
  return {
    ...target,
    ...(direction !== undefined && { direction: direction === '.desc' ? 'desc' : 'asc' }),
    ...(nulls !== undefined && { nulls: nulls === '.nullsfirst' ? 'first' : 'last' }),
  }
}

/** A field, or a field of an embedded resource: `owner(name)`. */
function readTarget(scanner: Scanner): Pick<OrderTerm, 'field' | 'relation'> {
  const field = readField(scanner)
  if (field.path.length > 0 || scanner.take(/\(/y) === undefined) return { field }
  const target = { relation: field.column, field: readField(scanner) }
  scanner.must(/\)/y, '")"')
  return target
}

/** `"a","b"`: the columns of an insert, or those a conflict is found by. */
export function parseColumns(text: string, what: string): string[] {
  const scanner = scan(text, `${what} parameter (${text})`)
  return separated(scanner, comma, () => readName(scanner), '","')
}
