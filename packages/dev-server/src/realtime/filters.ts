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

/** Reads a filter; commas outside of quotes and parentheses mean and. Throws a `SyntaxError` that says what is wrong. */
export function parseFilters(text: string): Filter[] {
  return split(text).map((part) => {
    const [, column, not, op = '', value = ''] = /^\s*([^=]+?)=(not\.)?([a-z]+)\.(.*)$/s.exec(part) ?? []
    if (column === undefined) throw new SyntaxError(`Error parsing filter params: ${part}`)
    if (!Object.hasOwn(operators, op)) throw new SyntaxError(`Unsupported filter operator: ${op}`)
    return { column, negated: not !== undefined, op, value: op === 'in' ? list(value) : unquoted(value) }
  })
}

function split(text: string): string[] {
  const parts = ['']
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === '\\') parts.push((parts.pop() ?? '') + letter + text.charAt((at += 1)))
    else if (letter === ',' && depth === 0 && !quoted) parts.push('')
    else {
      if (letter === '"') quoted = !quoted
      if (!quoted) depth += Number(letter === '(') - Number(letter === ')')
      parts.push((parts.pop() ?? '') + letter)
    }
  }
  return parts
}

function list(value: string): string[] {
  const inner = /^\((.*)\)$/s.exec(value)?.[1]
  if (inner === undefined) throw new SyntaxError('`in` filter must be a list in parentheses')
  const values = inner === '' ? [] : split(inner).map(unquoted)
  if (values.length > 100) throw new SyntaxError('`in` filter has more than 100 values')
  return values
}

const unquoted = (value: string): string =>
  /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value
