/** A JSON schema's words for a type of PostgreSQL. */
export interface TypeWords {
  readonly type?: string
  readonly format: string
  readonly items?: { readonly type?: string }
}

const words: Readonly<Record<string, string | undefined>> = {
  boolean: 'boolean',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'number',
  real: 'number',
  'double precision': 'number',
  json: undefined,
  jsonb: undefined,
}

const formats: Readonly<Record<string, string>> = { smallint: 'int32', integer: 'int32', bigint: 'int64' }

/** JSON may be anything; what has no word of its own is written as a string. */
const wordOf = (type: string) =>
  type.endsWith('[]') ? 'array' : Object.hasOwn(words, type) ? words[type] : 'string'

/** @param declared as PostgreSQL writes it; the length it was declared with does not count */
export function typeWords(declared: string): TypeWords {
  const name = declared.replace(/\([^)]*\)/, '')
  const type = wordOf(name)
  const item = type === 'array' ? wordOf(name.slice(0, -2)) : undefined
  return {
    ...(type !== undefined && { type }),
    format: formats[name] ?? name,
    ...(type === 'array' && { items: item === undefined ? {} : { type: item } }),
  }
}

/** The default as a value, where it is one and not the result of a function. */
export function defaultValue(declared: string, expression: string | null): { default?: unknown } {
  if (expression === null) return {}
  const isText = typeWords(declared).type === 'string'
  const literal = /^'(.*)'::[^']*$/s.exec(expression)?.[1]
  if (isText) return { default: literal?.replaceAll("''", "'") ?? expression }
  try {
    return { default: JSON.parse(expression) as unknown }
  } catch {
    return {} // An expression, which no client can know the value of.
  }
}
