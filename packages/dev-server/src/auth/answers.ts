import type { Reply, Request } from '../context.js'

const apiVersion = '2024-01-01'

/** A refusal of the session service, as GoTrue words it. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly status: number
  readonly code: string
  /** What the body says besides code and message. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.details = details
  }
}

/** An answer with a JSON body. */
export const json = (status: number, body: unknown, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
})

/** The answer to what is done and has nothing to say. */
export const empty: Reply = { status: 204 }

/** The answer for an error; its body depends on the version of the API that the client speaks. */
export function refusal({ status, code, message, details }: AuthError, request: Request): Reply {
  if (request.headers['x-supabase-api-version'] !== apiVersion) {
    return json(status, { code: status, error_code: code, msg: message, ...details })
  }
  return json(status, { code, message, ...details }, { 'X-Supabase-Api-Version': apiVersion })
}
