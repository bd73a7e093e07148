import type { Reply } from '../context.js'

/** The body of PostgREST's errors. */
export interface ErrorBody {
  readonly code: string
  readonly message: string
  readonly details: unknown
  readonly hint: string | null
}

/** An error that is answered as PostgREST answers it. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly body: ErrorBody
  readonly headers: Readonly<Record<string, string>>
  /** The reason phrase; left out: that of the status. */
  readonly statusText: string | undefined

  constructor(
    status: number,
    body: { code: string; message: string; details?: unknown; hint?: string | null },
    headers: Readonly<Record<string, string>> = {},
    statusText?: string,
  ) {
    super(body.message)
    this.status = status
    this.body = {
      code: body.code,
      message: body.message,
      details: body.details ?? null,
      hint: body.hint ?? null,
    }
    this.headers = headers
    this.statusText = statusText
  }
}

/** The error as an answer. */
export function replyToError({ status, statusText, body, headers }: RestError): Reply {
  return {
    status,
    // A line of a head has no room for other signs.
    ...(statusText !== undefined && { statusText: statusText.replace(/[^ -~]/g, '?') }),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Proxy-Status': `PostgREST; error=${body.code}`,
      ...headers,
    },
    body: JSON.stringify(body),
  }
}
