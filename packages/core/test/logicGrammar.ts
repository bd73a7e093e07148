/** What PostgREST reads in `or=(…)`. */
export type Logic =
  | { kind: 'and' | 'or'; negated: boolean; of: Logic[] }
  | { column: string; negated: boolean; operator: string; value: string | string[] }

/**
 * Reads one part of a logic expression as PostgREST's `QueryParams` does, straight from its rules: a value is in quotes, in
 * which a backslash stands before any character, or runs to the next comma or closing parenthesis.
 *
 * @throws Error when there is more, or something else, than one expression.
 */
export function parseLogic(text: string): Logic {
  const { logic, end } = readLogic(text, 0)
  if (end !== text.length) throw new Error(`There is more after position ${end}: ${text}`)
  return logic
}

interface Read<T> {
  readonly value: T
  readonly end: number
}

function readLogic(text: string, start: number): { logic: Logic; end: number } {
  const group = match(/(not\.)?(and|or)\(/y, text, start)
  if (!group) return readFilter(text, start)
  const of: Logic[] = []
  let end = start + group[0].length - 1
  do {
    const part = readLogic(text, end + 1)
    of.push(part.logic)
    end = part.end
  } while (text[end] === ',')
  if (text[end] !== ')') throw new Error(`A parenthesis is missing at ${end}: ${text}`)
  return { logic: { kind: group[2] as 'and' | 'or', negated: group[1] !== undefined, of }, end: end + 1 }
}

function readFilter(text: string, start: number): { logic: Logic; end: number } {
  const column = text[start] === '"' ? readQuoted(text, start) : readPlain(/[\w $-]+/y, text, start)
  const operator = match(/\.(not\.)?(eq|neq|gte|gt|lte|lt|in|is)\./y, text, column.end)
  if (!operator) throw new Error(`There is no operator at ${column.end}: ${text}`)
  const at = column.end + operator[0].length
  const { value, end } = operator[2] === 'in' ? readList(text, at) : readValue(text, at)
  const negated = operator[1] !== undefined
  return { logic: { column: column.value, negated, operator: operator[2] ?? '', value }, end }
}

function readList(text: string, start: number): Read<string[]> {
  if (text[start] !== '(') throw new Error(`A list is missing at ${start}: ${text}`)
  const value: string[] = []
  let end = start
  do {
    const item = readValue(text, end + 1)
    value.push(item.value)
    end = item.end
  } while (text[end] === ',')
  if (text[end] !== ')') throw new Error(`A list is not closed at ${end}: ${text}`)
  return { value, end: end + 1 }
}

const readValue = (text: string, start: number): Read<string> =>
  text[start] === '"' ? readQuoted(text, start) : readPlain(/[^,)]*/y, text, start)

function readQuoted(text: string, start: number): Read<string> {
  let value = ''
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return { value, end: at + 1 }
    if (text[at] === '\\') at += 1
    value += text[at] ?? ''
  }
  throw new Error(`A quote is not closed: ${text}`)
}

function readPlain(pattern: RegExp, text: string, start: number): Read<string> {
  const value = match(pattern, text, start)?.[0] ?? ''
  return { value, end: start + value.length }
}

function match(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start
  return pattern.exec(text)
}
