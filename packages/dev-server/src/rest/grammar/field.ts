import type { Field, PathStep } from './ast.js'
import type { Scanner } from './scanner.js'

const plainName = /(?:[\p{L}\p{N}_ $]|-(?!>))+/u
const quotedName = /"(?:[^"\\]|\\.)*"/u

/** `name` or `"name"`. */
export function readName(scanner: Scanner): string {
  const quoted = scanner.take(quotedName)
  if (quoted !== undefined) return unquote(quoted)
  const name = scanner.must(plainName, 'a field name (letters, digits, "_", " " or "$")').trim()
  return name === '' ? scanner.fail('a field name') : name
}

/** Without the quotes, and a backslash before a character stands for the character. */
export const unquote = (text: string) => text.slice(1, -1).replace(/\\(.)/gsu, '$1')

/** `column->key->>0`. */
export function readField(scanner: Scanner): Field {
  return { column: readName(scanner), path: readPath(scanner) }
}

export function readPath(scanner: Scanner): PathStep[] {
  const path: PathStep[] = []
  for (let arrow = scanner.take(/->>?/); arrow !== undefined; arrow = scanner.take(/->>?/)) {
    path.push({ arrow: arrow === '->>' ? '->>' : '->', key: readKey(scanner) })
  }
  return path
}

function readKey(scanner: Scanner): string | number {
  const position = scanner.take(/-?\d{1,9}(?=$|->|::|[.,()])/)
  if (position !== undefined) return Number(position)
  const quoted = scanner.take(quotedName)
  if (quoted !== undefined) return unquote(quoted)
  return scanner.must(/(?:(?!->|::)[^,.()"])+/u, 'a key of JSON')
}
