import { TidemarkError, type ErrorCode } from '../base/errors.js'

/** What to do with a failed request: try it again, sign in first, or set it aside. */
export type RemoteErrorKind = 'retry' | 'sign-in' | 'refused'

export interface RemoteFailure {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  readonly message: string
  readonly kind?: RemoteErrorKind
  /** SQLSTATE or the server's own code. */
  readonly serverCode?: string
  /** How long the server asks to wait, in ms. */
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** A request that the server refused or did not answer. */
export class RemoteError extends TidemarkError {
  override readonly name = 'RemoteError'
  readonly kind: RemoteErrorKind
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** SQLSTATE or the server's own code. */
  readonly serverCode: string | undefined
  /** How long the server asks to wait, in ms. */
  readonly retryAfter: number | undefined
  /** The request was too large: send less at once. */
  readonly tooLarge: boolean

  constructor({ status, message, serverCode, retryAfter, cause, kind }: RemoteFailure) {
    const decided = kind ?? classify(status, serverCode)
    super(codeOf(decided, status), message, { cause })
    this.kind = decided
    this.status = status
    this.serverCode = serverCode
    this.retryAfter = retryAfter
    this.tooLarge = tooLarge.has(status)
  }
}

function codeOf(kind: RemoteErrorKind, status: number): ErrorCode {
  if (kind === 'refused') return 'refused'
  if (kind === 'sign-in') return 'sign-in'
  return status === 0 ? 'offline' : 'server-busy'
}

/** The request is larger than the server, or a proxy before it, takes: its body, its address, its headers. */
const tooLarge = new Set([413, 414, 431])
const retried = new Set([0, 408, 425, 429, ...tooLarge])

/**
 * Codes, by their beginning, of failures that may pass: connection, read-only for the time being, serialization, deadlock,
 * resources, lock, cancelled, shutdown; PostgREST without its database.
 */
const passing = ['08', '25006', '40001', '40P01', '53', '55P03', '57014', '57P0', 'PGRST00']
/** Codes of refusals that come again: cardinality, data, integrity, rights and columns, exceptions that the app raised. */
const final = ['21', '22', '23', '42', 'P0', 'PGRST1', 'PGRST2']

/**
 * What to do with a failed request, by code and status, never by text.
 *
 * The code comes first: PostgREST answers a deadlock and a broken policy with the same 500. Only 401 is about the token
 * whatever the code, which has changed between versions; 42501 with it means that no one is signed in.
 *
 * @param status HTTP status; 0 when there was no answer
 * @param serverCode SQLSTATE or PostgREST's code
 */
export function classify(status: number, serverCode = ''): RemoteErrorKind {
  if (status === 401) return 'sign-in'
  if (passing.some((prefix) => serverCode.startsWith(prefix))) return 'retry'
  if (final.some((prefix) => serverCode.startsWith(prefix))) return 'refused'
  return retried.has(status) || status >= 500 ? 'retry' : 'refused'
}

/** A `Retry-After` header, seconds or a date, in ms from `now` (ms since the epoch); `undefined` when it says nothing. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const seconds = Number(header)
  const delay = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000
  return Number.isNaN(delay) ? undefined : Math.max(0, delay)
}
