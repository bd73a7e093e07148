import type { Condition, Query } from './ast.js'
import { isComparison, parseComparison } from './comparison.js'
import { parseCondition } from './condition.js'
import { readField } from './field.js'
import { parseColumns, parseOrder } from './order.js'
import { ParseError } from './parseError.js'
import { scan } from './scanner.js'
import { parseSelect } from './select.js'

/** A parameter that is about an embedded resource: `messages.order=id`. */
export class EmbedParameter extends Error {
  override readonly name = 'EmbedParameter'
  readonly embed: string

  constructor(embed: string) {
    super(`'${embed}' is not an embedded resource in this request`)
    this.embed = embed
  }
}

const reserved = new Set(['select', 'columns', 'on_conflict', 'order', 'limit', 'offset', 'apikey'])
const forEmbeds = /^(.+)\.(?:order|limit|offset|and|or|not\.and|not\.or)$/

/**
 * Reads a query string.
 * @param isCall in a call with GET what is no comparison is an argument
 * @throws ParseError, EmbedParameter
 */
export function parseQuery(params: URLSearchParams, isCall = false): Query {
  const single = (name: string) => params.get(name) ?? undefined
  const named = [...params].filter(([name]) => !reserved.has(name))
  const isArg = ([, value]: [string, string]) => isCall && !isComparison(value)
  const limit = parseCount(single('limit'), 'limit')
  return {
    select: parseSelect(single('select') ?? ''),
    where: named.filter((entry) => !isArg(entry)).map(([name, value]) => parseFilter(name, value)),
    order: optional(single('order'), parseOrder) ?? [],
    offset: parseCount(single('offset'), 'offset') ?? 0,
    args: collect(named.filter(isArg)),
    ...optionalProperty('limit', limit),
    ...optionalProperty(
      'columns',
      optional(single('columns'), (text) => parseColumns(text, 'columns')),
    ),
    ...optionalProperty(
      'onConflict',
      optional(single('on_conflict'), (text) => parseColumns(text, 'on_conflict')),
    ),
  }
}

function parseFilter(name: string, value: string): Condition {
  const logic = /^(not\.)?(and|or)$/.exec(name)
  if (logic) return parseCondition(logic[2] === 'and' ? 'and' : 'or', logic[1] !== undefined, value)
  const embed = forEmbeds.exec(name)?.[1]
  if (embed !== undefined) throw new EmbedParameter(embed)
  const scanner = scan(name, `tree path (${name})`)
  const field = readField(scanner)
  if (scanner.sees(/\./)) throw new EmbedParameter(field.column)
  scanner.end()
  return parseComparison(field, value)
}

/** A number too large for a page is as good as no end. */
function parseCount(text: string | undefined, what: string): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^-?\d+$/.test(text)) {
    throw new ParseError(
      `"failed to parse ${what} parameter (${text})" (line 1, column 1)`,
      'expecting a whole number',
    )
  }
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
}

function collect(entries: [string, string][]): Record<string, string[]> {
  const names = new Set(entries.map(([name]) => name))
  const valuesOf = (wanted: string) => entries.filter(([name]) => name === wanted).map(([, value]) => value)
  return Object.fromEntries([...names].map((name) => [name, valuesOf(name)]))
}

const optional = <Value>(text: string | undefined, parse: (text: string) => Value) =>
  text === undefined || text === '' ? undefined : parse(text)

const optionalProperty = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>
