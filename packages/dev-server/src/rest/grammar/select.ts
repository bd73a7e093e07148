import type { ColumnItem, EmbedItem, SelectItem } from './ast.js'
import { readField, readName } from './field.js'
import { type Scanner, scan, separated } from './scanner.js'

/** Deeper resources are nobody's; a limit keeps them off the call stack. */
const deepest = 100

/** `id,title:name,total::text,owner:users(name)`; empty means everything. What stands behind is passed over. */
export function parseSelect(text: string): SelectItem[] {
  if (text.trim() === '') return [{ kind: 'all' }]
  const scanner = scan(text, `select parameter (${text})`)
  return readItems(scanner, 0)
}

function readItems(scanner: Scanner, depth: number): SelectItem[] {
  if (depth > deepest) scanner.fail('fewer levels of embedded resources')
  return separated(scanner, /,/y, () => readItem(scanner, depth), '","')
}

function readItem(scanner: Scanner, depth: number): SelectItem {
  skipSpace(scanner)
  const item = readBare(scanner, depth)
  skipSpace(scanner)
  // After a resource nothing has to follow: PostgREST passes over the rest, and so a typing error there.
  if (item.kind !== 'embed' && !scanner.sees(/[,)]|$/y)) scanner.fail('"," or end of input')
  return item
}

function readBare(scanner: Scanner, depth: number): SelectItem {
  if (scanner.take(/\*/y) !== undefined) return { kind: 'all' }
  if (scanner.take(/\.\.\./y) !== undefined) return readEmbed(scanner, readName(scanner), true, depth)
  const alias = readAlias(scanner)
  const item = readColumnOrEmbed(scanner, depth)
  return alias === undefined ? item : { ...item, alias }
}

/** `alias:` but not the `::` of a cast. */
function readAlias(scanner: Scanner): string | undefined {
  if (!scanner.sees(aliased)) return undefined
  const alias = readName(scanner)
  scanner.take(/:/y)
  skipSpace(scanner)
  return alias
}

const aliased = /(?:"(?:[^"\\]|\\.)*"|(?:[\p{L}\p{N}_ $]|-(?!>))+):(?!:)/suy

function readColumnOrEmbed(scanner: Scanner, depth: number): ColumnItem | EmbedItem {
  if (scanner.take(/count\(\)/y) !== undefined) {
    return {
      kind: 'column',
      field: { column: '*', path: [] },
      aggregate: 'count',
      ...readAggregateCast(scanner),
    }
  }
  const field = readField(scanner)
  if (field.path.length === 0 && scanner.sees(/[!(]/y)) return readEmbed(scanner, field.column, false, depth)
  const cast = readCast(scanner)
  const aggregate = scanner.take(/\.(?:sum|avg|count|max|min)\(\)/y)
  return {
    kind: 'column',
    field,
    ...(cast !== undefined && { cast }),
    ...(aggregate !== undefined && { aggregate: aggregate.slice(1, -2), ...readAggregateCast(scanner) }),
  }
}

function readAggregateCast(scanner: Scanner): { aggregateCast?: string } {
  const aggregateCast = readCast(scanner)
  return aggregateCast === undefined ? {} : { aggregateCast }
}

function readCast(scanner: Scanner): string | undefined {
  if (scanner.take(/::/y) === undefined) return undefined
  return scanner.must(/[\p{L}\p{N}_ $]+/uy, 'the name of a type').trim()
}

function readEmbed(scanner: Scanner, relation: string, spread: boolean, depth: number): EmbedItem {
  const words = [readHint(scanner), readHint(scanner)]
  const join = words.find((word) => word === 'inner' || word === 'left')
  const hint = words.find((word) => word !== undefined && word !== 'inner' && word !== 'left')
  scanner.must(/\(/y, '"("')
  const items = scanner.sees(/\s*\)/y) ? [] : readItems(scanner, depth + 1)
  skipSpace(scanner)
  scanner.must(/\)/y, '")"')
  return {
    kind: 'embed',
    relation,
    spread,
    items,
    isInner: join === 'inner',
    ...(hint !== undefined && { hint }),
  }
}

const readHint = (scanner: Scanner) => (scanner.take(/!/y) === undefined ? undefined : readName(scanner))

const skipSpace = (scanner: Scanner) => scanner.take(/[ \t]+/y)
