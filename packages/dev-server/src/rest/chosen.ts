import { validateHeaderName, validateHeaderValue } from 'node:http'
import { toHeader } from '../http/headerText.js'
import type { OutcomeRow } from './compile/envelope.js'
import { RestError } from './errors.js'

/** The number of an answer's status; undefined for what is none. */
export const statusIn = (text: string): number | undefined =>
  /^[2-5]\d\d$/.test(text) ? Number(text) : undefined

/**
 * The status a function chose with `set_config('response.status', …)`.
 * @throws RestError PGRST112
 */
export function chosenStatus({ response_status: text }: OutcomeRow): number | undefined {
  if (text === null) return undefined
  const status = statusIn(text)
  if (status !== undefined) return status
  throw new RestError(500, { code: 'PGRST112', message: 'response.status guc must be a valid status code' })
}

/**
 * The headers a function chose with `set_config('response.headers', '[{"X": "y"}]', true)`; one that
 * is there twice is sent twice.
 * @throws RestError PGRST111
 */
export function chosenHeaders({ response_headers: text }: OutcomeRow): Record<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const [name, value] of text === null ? [] : readPairs(text)) {
    headers.set(name, [...(headers.get(name) ?? []), value])
  }
  return Object.fromEntries(headers)
}

/** True for the name and the value of a header that can be sent. */
export function chosenHeader(pair: readonly [name: string, value: unknown]): pair is [string, string] {
  const [name, value] = pair
  if (typeof value !== 'string') return false
  try {
    validateHeaderName(name)
    validateHeaderValue(name, toHeader(value))
    return true
  } catch {
    return false // It cannot be sent; the caller says so.
  }
}

function readPairs(text: string): [name: string, value: string][] {
  const list = parse(text)
  if (!Array.isArray(list)) throw invalidHeaders
  return list.map((one: unknown) => {
    const [pair, another] = typeof one === 'object' && one !== null ? Object.entries(one) : []
    if (!pair || another || !chosenHeader(pair)) throw invalidHeaders
    return pair
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidHeaders
  }
}

const invalidHeaders = new RestError(500, {
  code: 'PGRST111',
  message:
    'response.headers guc must be a JSON array composed of objects with a single key and a string value',
})
