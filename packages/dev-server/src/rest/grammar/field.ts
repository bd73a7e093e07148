import type { Field, PathStep } from './ast.js'
import type { Scanner } from './scanner.js'

const plainName = /[\p{L}\p{N}_ $]+(?:-(?!>)[\p{L}\p{N}_ $]+)*/uy
const quotedName = /"(?:[^"\\]|\\.)*"/suy

/** How a name is called when it is missing. */
export const aName = 'field name (* or [a..z0..9_$])'

/** `name` or `"name"`. */
export function readName(scanner: Scanner): string {
  const quoted = scanner.take(quotedName)
  if (quoted !== undefined) return unquote(quoted)
  const name = scanner.must(plainName, aName).trim()
  return name === '' ? scanner.fail(aName) : name
}

/** Without the quotes, and a backslash before a character stands for the character. */
export const unquote = (text: string) => text.slice(1, -1).replace(/\\(.)/gsu, '$1')

/** `column->key->>0`. */
export function readField(scanner: Scanner): Field {
  return { column: readName(scanner), path: readPath(scanner) }
}

/** `->key->>0`, or nothing. */
export function readPath(scanner: Scanner): PathStep[] {
  const path: PathStep[] = []
  for (let arrow = scanner.take(arrows); arrow !== undefined; arrow = scanner.take(arrows)) {
    path.push({ arrow: arrow === '->>' ? '->>' : '->', key: readKey(scanner) })
  }
  return path
}

const arrows = /->>?/y
const place = /-?\d+(?=$|->|::|[.,)])/y
const plainKey = /[^(\-:.,>)]+(?:-(?!>)[^(\-:.,>)]+)*/uy

function readKey(scanner: Scanner): string | number {
  const position = scanner.take(place)
  if (position !== undefined) return Number(position)
  if (scanner.take(/-/y, '"-"') !== undefined) return scanner.fail('digit')
  const quoted = scanner.take(quotedName, 'digit')
  if (quoted !== undefined) return unquote(quoted)
  return scanner.must(plainKey, 'any non reserved character different from: .,>()').trim()
}
