import type { Columns } from '../base/json.js'
import { RemoteError } from './errors.js'

/** What a request to PostgREST came to. `error` is the server's body or what the network said: anything at all. */
export interface Answer {
  readonly data: unknown
  readonly error: unknown
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
}

/** Characters of a message that are kept: a proxy answers with a whole page. */
const longest = 500

/**
 * The rows of an answer.
 *
 * @param retryAfter how long the server asks to wait, in ms
 * @throws RemoteError for everything else, a success without rows included: that is a proxy's answer, not the database's.
 */
export function rowsOf(answer: Answer, retryAfter?: number): Columns[] {
  if (!answer.error && Array.isArray(answer.data)) return answer.data as Columns[]
  throw failureOf(answer, retryAfter)
}

/**
 * The object that a function answered.
 *
 * @throws RemoteError for everything else
 */
export function objectOf(answer: Answer): object {
  if (!answer.error && typeof answer.data === 'object' && answer.data !== null) return answer.data
  throw failureOf(answer)
}

function failureOf({ error, status }: Answer, retryAfter?: number): RemoteError {
  const { message, code } = partsOf(error)
  const succeeded = status >= 200 && status < 300
  return new RemoteError({
    status,
    message: succeeded
      ? notOurs
      : (message?.slice(0, longest) ?? `The server answered with status ${status}.`),
    cause: error,
    ...(succeeded && { kind: 'retry' as const }),
    ...(code !== undefined && { serverCode: code }),
    ...(retryAfter !== undefined && { retryAfter }),
  })
}

const notOurs =
  'The answer does not come from the database: something on the network has answered in its place.'

function partsOf(error: unknown): { message?: string; code?: string } {
  if (typeof error === 'string') return { message: error }
  if (typeof error !== 'object' || error === null) return {}
  const { message, code } = error as { message?: unknown; code?: unknown }
  return {
    ...(typeof message === 'string' && message !== '' && { message }),
    ...(typeof code === 'string' && code !== '' && { code }),
  }
}
