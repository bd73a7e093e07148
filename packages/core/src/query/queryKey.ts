import type { Query } from './query.js'

/** A text that is the same for equal queries: the order of an object's keys does not matter, that of an array does. */
export const queryKey = (query: Query): string => JSON.stringify(canonical(query))

function canonical(value: unknown): unknown {
  if (value instanceof Date) return { date: +value }
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  // The order of columns in an `orderBy` object is its meaning.
  const sorted = entries.every(([, part]) => part === 'asc' || part === 'desc')
    ? entries
    : entries.sort(byName)
  return sorted.map(([name, part]) => [name, canonical(part)])
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
