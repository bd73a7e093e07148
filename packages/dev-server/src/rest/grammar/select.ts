import type { SelectItem } from './ast.js'
import { readField, readName } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

/** `id,title:name,total::text,owner:users(name)`; empty means everything. */
export function parseSelect(text: string): SelectItem[] {
  if (text.trim() === '') return [{ kind: 'all' }]
  const scanner = scan(text, `select parameter (${text})`)
  const items = readItems(scanner)
  scanner.end()
  return items
}

const readItems = (scanner: Scanner) => separated(scanner, /,/, () => readItem(scanner))

function readItem(scanner: Scanner): SelectItem {
  skipSpace(scanner)
  if (scanner.take(/\*/) !== undefined) return { kind: 'all' }
  if (scanner.take(/\.\.\./) !== undefined) return readEmbed(scanner, readName(scanner), true)
  if (scanner.take(/count\(\)/) !== undefined) {
    return { kind: 'column', field: { column: '*', path: [] }, aggregate: 'count', ...readCast(scanner) }
  }
  const alias = readAlias(scanner)
  const item = readColumnOrEmbed(scanner)
  return alias === undefined ? item : { ...item, alias }
}

/** `alias:` but not the `::` of a cast. */
function readAlias(scanner: Scanner): string | undefined {
  if (!scanner.sees(/(?:"(?:[^"\\]|\\.)*"|(?:[\p{L}\p{N}_ $]|-(?!>))+):(?!:)/u)) return undefined
  const alias = readName(scanner)
  scanner.take(/:/)
  skipSpace(scanner)
  return alias
}

function readColumnOrEmbed(scanner: Scanner): Exclude<SelectItem, { kind: 'all' }> {
  const field = readField(scanner)
  if (field.path.length === 0 && scanner.sees(/[!(]/)) return readEmbed(scanner, field.column, false)
  const cast = readCast(scanner)
  const aggregate = scanner.take(/\.(?:sum|avg|count|max|min)\(\)/)
  if (aggregate === undefined) return { kind: 'column', field, ...cast }
  return { kind: 'column', field, aggregate: aggregate.slice(1, -2), ...readCast(scanner) }
}

function readCast(scanner: Scanner): { cast?: string } {
  if (scanner.take(/::/) === undefined) return {}
  return { cast: scanner.must(/[\p{L}\p{N}_ ]+(?:\[\])?/u, 'the name of a type').trim() }
}

function readEmbed(scanner: Scanner, relation: string, spread: boolean) {
  const hints: string[] = []
  while (scanner.take(/!/) !== undefined) hints.push(readName(scanner))
  scanner.must(/\(/, '"("')
  const items = scanner.sees(/\)/) ? [] : readItems(scanner)
  scanner.must(/\)/, '"," or ")"')
  return { kind: 'embed' as const, relation, spread, hints, items }
}

const skipSpace = (scanner: Scanner) => scanner.take(/\s+/)
