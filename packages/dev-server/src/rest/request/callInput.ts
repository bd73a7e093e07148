import type { Request } from '../../context.js'
import { mediaTypeOf, parsePayload, rowsFromJson } from './payload.js'

/** What a function is called with. */
export type CallInput =
  /** JSON objects, the first of which has a member for each argument. */
  | {
      readonly kind: 'object'
      readonly rows: string
      readonly keys: readonly string[]
      /** The body as it came; left out when it was not JSON. */
      readonly text?: string
    }
  /** The body itself, for a function with one unnamed argument of that type. */
  | { readonly kind: 'body'; readonly value: string | Buffer; readonly type: 'text' | 'xml' | 'bytea' }
  /** Texts from a query string or a form; more than one for a variadic argument. */
  | { readonly kind: 'texts'; readonly texts: Readonly<Record<string, readonly string[]>> }

/**
 * Reads the arguments of a call with POST.
 * @param columns the arguments the request names: other members are passed over
 * @throws RestError PGRST102
 */
export function readInput({ headers, body }: Request, columns?: readonly string[]): CallInput {
  const type = mediaTypeOf(headers['content-type'] ?? 'application/json')
  switch (type) {
    case 'application/json': {
      const text = body.toString('utf8').trim() || '{}'
      return { kind: 'object', text, ...rowsFromJson(text, columns) }
    }
    case 'application/x-www-form-urlencoded':
      return { kind: 'texts', texts: textsOf(new URLSearchParams(body.toString('utf8'))) }
    case 'text/plain':
      return { kind: 'body', value: body.toString('utf8'), type: 'text' }
    case 'text/xml':
      return { kind: 'body', value: body.toString('utf8'), type: 'xml' }
    case 'application/octet-stream':
      return { kind: 'body', value: body, type: 'bytea' }
    default:
      return { kind: 'object', ...parsePayload(body, type, columns) }
  }
}

/** The texts of each name, in order. */
export function textsOf(entries: Iterable<readonly [string, string]>): Record<string, string[]> {
  const texts = new Map<string, string[]>()
  for (const [name, text] of entries) texts.set(name, [...(texts.get(name) ?? []), text])
  return Object.fromEntries(texts)
}

/** The names of the arguments that are given. */
export function keysOf(input: CallInput): readonly string[] {
  if (input.kind === 'body') return []
  return input.kind === 'object' ? input.keys : Object.keys(input.texts)
}
