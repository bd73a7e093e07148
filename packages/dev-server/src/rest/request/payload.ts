import { RestError } from '../errors.js'

/** A body of rows. The text goes to PostgreSQL as it came, so that no digit of a number is lost. */
export interface Payload {
  /** A JSON array of objects. */
  readonly rows: string
  readonly count: number
  /** The keys of the objects, in order of appearance. */
  readonly keys: readonly string[]
  /** False when the objects have different keys. */
  readonly isUniform: boolean
}

/**
 * Reads a body of one row or many.
 * @throws RestError PGRST102
 */
export function parsePayload(body: Buffer): Payload {
  const text = body.toString('utf8').trim()
  const parsed = parseJson(text)
  const rows = Array.isArray(parsed) ? parsed : [parsed]
  if (!rows.every(isObject)) throw invalidBody('Empty or invalid json')
  const keys = new Set(rows.flatMap((row) => Object.keys(row)))
  return {
    rows: Array.isArray(parsed) ? text : `[${text}]`,
    count: rows.length,
    keys: [...keys],
    isUniform: rows.every((row) => Object.keys(row).length === keys.size),
  }
}

/**
 * Reads the arguments of a call: an object, or nothing.
 * @throws RestError PGRST102
 */
export function parseArguments(body: Buffer): { readonly text: string; readonly keys: readonly string[] } {
  const text = body.toString('utf8').trim() || '{}'
  const parsed = parseJson(text)
  return { text, keys: isObject(parsed) ? Object.keys(parsed) : [] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidBody('Empty or invalid json')
  }
}

export const invalidBody = (message: string) => new RestError(400, { code: 'PGRST102', message })

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
