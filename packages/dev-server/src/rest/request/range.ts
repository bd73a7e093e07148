import type { Request } from '../../context.js'
import { RestError } from '../errors.js'
import type { Level } from '../grammar/ast.js'

/**
 * The page of the outermost rows: that of the parameters within that of the header `Range`, which counts only for GET.
 * @throws RestError PGRST103
 */
export function cutToRange<Asked extends Level>(asked: Asked, { method, headers }: Request): Asked {
  if (asked.limit === 0) return { ...asked, offset: Math.max(asked.offset, 0) }
  const [from, to] = method === 'GET' ? parseRange(headers.range) : [0, Infinity]
  if (from > to) throw unsatisfiable(lowerFirst)
  const end = asked.limit === undefined ? Infinity : asked.offset + asked.limit - 1
  const first = Math.max(asked.offset, from)
  const last = Math.min(end, to)
  if (first > last) throw unsatisfiable('Limit should be greater than or equal to zero.')
  return { ...asked, offset: first, ...(last !== Infinity && { limit: last - first + 1 }) }
}

const lowerFirst = 'The lower boundary must be lower than or equal to the upper boundary in the Range header.'

function parseRange(header = ''): [from: number, to: number] {
  const [, from, to] = /^(\d+)-(\d*)$/.exec(header.trim()) ?? []
  return [Number(from ?? 0), to === undefined || to === '' ? Infinity : Number(to)]
}

export const unsatisfiable = (details: string, headers: Readonly<Record<string, string>> = {}) =>
  new RestError(416, { code: 'PGRST103', message: 'Requested range not satisfiable', details }, headers)
