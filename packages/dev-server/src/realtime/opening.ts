import type { IncomingMessage } from 'node:http'
import type { Context } from '../context.js'
import type { Faults } from '../faults.js'
import { TokenError } from '../tokens.js'
import { type Serializer, serializers } from './serializer.js'

/** A socket that may be opened, or the HTTP status and the reason why not. */
export type Opening =
  | { readonly key: string; readonly serializer: Serializer }
  | { readonly refusal: string; readonly error: string }

/** Reads the request to open a socket: where, with which key, in which version. */
export async function openingOf(
  { tokens, faults }: Context & { readonly faults: Faults },
  { url = '/', headers }: IncomingMessage,
): Promise<Opening> {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  if (pathname !== '/realtime/v1/websocket')
    return { refusal: '404 Not Found', error: 'There is no socket here' }
  if (faults.current.rejectRealtime) {
    return { refusal: '503 Service Unavailable', error: 'A fault that was asked for' }
  }
  const serializer = serializers[searchParams.get('vsn') ?? '1.0.0']
  if (!serializer) return { refusal: '400 Bad Request', error: 'The version (vsn) is not supported' }
  const header = headers['x-api-key']
  const key = typeof header === 'string' ? header : (searchParams.get('apikey') ?? '')
  if (key === '') return { refusal: '401 Unauthorized', error: 'Missing API key' }
  return tokens.verify(key).then(
    // A socket without an end would outlive every key.
    ({ exp }) => (exp === undefined ? noEnd : { key, serializer }),
    (error: unknown) => {
      if (error instanceof TokenError) return { refusal: '401 Unauthorized', error: error.message }
      throw error
    },
  )
}

const noEnd: Opening = {
  refusal: '401 Unauthorized',
  error: 'Fields `role` and `exp` are required in JWT',
}
