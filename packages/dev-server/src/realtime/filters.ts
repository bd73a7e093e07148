/** One condition of a change filter: `column=op.value`. */
export interface Filter {
  readonly column: string
  readonly negated: boolean
  readonly op: string
  /** The value as text; a list for `in`. */
  readonly value: string | readonly string[]
}

/** The SQL of each operator, between a column and a parameter. */
export const operators: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  in: '= any',
  like: 'like',
  ilike: 'ilike',
  is: 'is',
  match: '~',
  imatch: '~*',
  isdistinct: 'is distinct from',
}

const mostValues = 100

/**
 * Reads a filter; commas outside of quotes and parentheses mean and.
 * @throws SyntaxError that says what is wrong
 */
export function parseFilters(text: string): Filter[] {
  return split(text).map(parseFilter)
}

function parseFilter(part: string): Filter {
  const [, column, not, op = '', value = ''] = /^\s*([^=]+?)=(not\.)?([a-z]+)\.(.*)$/s.exec(part) ?? []
  if (column === undefined) throw new SyntaxError(`Error parsing filter params: ${part}`)
  if (!Object.hasOwn(operators, op)) throw new SyntaxError(`Unsupported filter operator: ${op}`)
  return { column, negated: not !== undefined, op, value: parseValue(op, value) }
}

function parseValue(op: string, text: string): string | string[] {
  if (op === 'in') return parseList(text)
  if (op !== 'is') return unquoted(text)
  if (/^(null|true|false|unknown)$/i.test(text)) return text.toLowerCase()
  throw new SyntaxError('`is` filter must be null, true, false or unknown')
}

function parseList(text: string): string[] {
  const inner = /^\((.*)\)$/s.exec(text)?.[1]
  if (inner === undefined) throw new SyntaxError('`in` filter must be a list in parentheses')
  const values = inner === '' ? [] : split(inner).map(unquoted)
  if (values.length > mostValues) throw new SyntaxError(`\`in\` filter has more than ${mostValues} values`)
  return values
}

/** Splits at commas; a backslash takes away the meaning of the letter after it. */
function split(text: string): string[] {
  const parts = ['']
  let [depth, quoted] = [0, false]
  for (const [piece] of text.matchAll(/\\.|./gs)) {
    if (piece === '"') quoted = !quoted
    if (!quoted) depth += Number(piece === '(') - Number(piece === ')')
    if (piece === ',' && depth === 0 && !quoted) parts.push('')
    else parts.push((parts.pop() ?? '') + piece)
  }
  return parts
}

const unquoted = (value: string): string =>
  /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value
