import type { Query } from './ast.js'
import { isComparison } from './comparison.js'
import { collectLevels } from './levels.js'
import { parseColumns } from './order.js'
import { parseSelect } from './select.js'

const reserved = new Set(['select', 'columns', 'on_conflict', 'apikey'])

/**
 * Reads a query string.
 * @param isCall in a call with GET what is no comparison is an argument
 * @throws ParseError
 */
export function parseQuery(params: URLSearchParams, isCall = false): Query {
  const columns = namesIn(params, 'columns')
  const onConflict = namesIn(params, 'on_conflict')
  const named = [...params].filter(([name]) => !reserved.has(name))
  const isArg = ([name, value]: [string, string]) => isCall && !isControl(name) && !isComparison(value)
  return {
    ...collectLevels(named.filter((entry) => !isArg(entry))),
    select: parseSelect(params.get('select') ?? ''),
    args: named.filter(isArg),
    ...(columns !== undefined && { columns }),
    ...(onConflict !== undefined && { onConflict }),
  }
}

const isControl = (name: string) => /(?:^|\.)(?:order|limit|offset|and|or)$/.test(name)

/** A parameter that is there and empty is an error, as with PostgREST. */
function namesIn(params: URLSearchParams, name: string): string[] | undefined {
  const text = params.get(name)
  return text === null ? undefined : parseColumns(text, name)
}
