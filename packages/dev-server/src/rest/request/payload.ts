import { parseCsv } from './csv.js'
import { invalidBody } from './invalidBody.js'

/** A body of rows. The text goes to PostgreSQL as it came, so that no digit of a number is lost. */
export interface Payload {
  /** A JSON array of objects. */
  readonly rows: string
  /** The keys of the objects, in order of appearance. */
  readonly keys: readonly string[]
}

/**
 * Reads a body of one row or many.
 * @param contentType JSON when it is left out
 * @param columns those the request names: other members are passed over, and objects may differ
 * @throws RestError PGRST102
 */
export function parsePayload(
  body: Buffer,
  contentType = 'application/json',
  columns?: readonly string[],
): Payload {
  const type = mediaTypeOf(contentType)
  const text = body.toString('utf8').trim()
  if (type === 'text/csv') return fromParsed(parseCsv(text))
  if (type === 'application/x-www-form-urlencoded') {
    return fromParsed([Object.fromEntries(new URLSearchParams(text))])
  }
  if (type !== 'application/json') throw invalidBody(`Content-Type not acceptable: ${type}`)
  // PostgreSQL reads it again, and says what is wrong with it.
  if (columns && text.startsWith('[')) return { rows: text, keys: columns }
  return rowsFromJson(text, columns)
}

/**
 * Reads JSON of one row or many.
 * @param columns those the request names: other members are passed over
 * @throws RestError PGRST102
 */
export function rowsFromJson(text: string, columns?: readonly string[]): Payload {
  const parsed = parseJson(text)
  if (Array.isArray(parsed)) return { rows: text, keys: uniformKeys(parsed) }
  if (isObject(parsed)) return { rows: `[${text}]`, keys: columns ?? Object.keys(parsed) }
  return { rows: '[]', keys: columns ?? [] }
}

/** The type alone, without parameters. */
export const mediaTypeOf = (header: string) => (header.split(';')[0] ?? '').trim().toLowerCase()

const fromParsed = (rows: readonly Record<string, unknown>[]): Payload => ({
  rows: JSON.stringify(rows),
  keys: Object.keys(rows[0] ?? {}),
})

function uniformKeys(rows: readonly unknown[]): string[] {
  if (rows.length === 0) return []
  const [first] = rows
  const keys = isObject(first) ? Object.keys(first) : []
  const isUniform = rows.every(
    (row) =>
      isObject(row) &&
      Object.keys(row).length === keys.length &&
      keys.every((key) => Object.hasOwn(row, key)),
  )
  if (!isUniform) throw invalidBody('All object keys must match')
  return keys
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidBody('Empty or invalid json')
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
