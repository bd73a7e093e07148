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
    this.tooLarge = status === 413
  }
}

function codeOf(kind: RemoteErrorKind, status: number): ErrorCode {
  if (kind === 'refused') return 'refused'
  if (kind === 'sign-in') return 'sign-in'
  return status === 0 ? 'offline' : 'server-busy'
}

/** SQLSTATEs, by their beginning, of failures that may pass: serialization, deadlock, cancelled, resources, connection, lock. */
const passing = ['40001', '40P01', '57014', '53', '08', '55P03', 'PGRST00']
/** SQLSTATEs of refusals for good: data, integrity, a policy, an exception that the app raised. */
const final = ['22', '23', '42501', 'P0001']
const retried = new Set([0, 408, 413, 425, 429])

/**
 * Decides by SQLSTATE and status, never by text. SQLSTATE comes first: PostgREST maps a deadlock and a division by zero to
 * the same status. 401 is about the token, whatever the code: its code has changed between versions.
 */
export function classify(status: number, serverCode = ''): RemoteErrorKind {
  if (status === 401) return 'sign-in'
  if (passing.some((prefix) => serverCode.startsWith(prefix))) return 'retry'
  if (final.some((prefix) => serverCode.startsWith(prefix))) return 'refused'
  return retried.has(status) || status >= 500 ? 'retry' : 'refused'
}

/** A `Retry-After` header, seconds or a date, in ms from now. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const seconds = Number(header)
  const delay = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1_000
  return Number.isNaN(delay) ? undefined : Math.max(0, delay)
}
