import { orderColumns } from './order.js'
import type { Query } from './query.js'

/**
 * A text that is the same for equal queries and for no others: the order of an object's keys does not matter, that of a
 * list does, and every way to write the same order of rows is one.
 */
export const queryKey = ({ where = {}, orderBy, limit }: Query): string =>
  JSON.stringify([canonical(where), canonical(orderColumns(orderBy)), canonical(limit ?? Infinity)])

/** As JSON. What JSON has no own word for is an object with one key, which nothing else becomes. */
function canonical(value: unknown): unknown {
  if (value instanceof Date) return { date: String(+value) }
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return { of: entries.sort(byName).map(([name, part]) => [name, canonical(part)]) }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
