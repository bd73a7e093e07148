import type { Reply, Request } from '../context.js'

const apiVersion = '2024-01-01'

/** A refusal of the session service, as GoTrue words it. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'X-Supabase-Api-Version': apiVersion },
  body: JSON.stringify(body),
})

export const empty: Reply = { status: 204 }

/** The body of an error depends on the version of the API that the client speaks. */
export function refusal({ status, code, message }: AuthError, request: Request): Reply {
  const current = request.headers['x-supabase-api-version'] === apiVersion
  return json(status, current ? { code, message } : { code: status, error_code: code, msg: message })
}

/** The JSON object of a request's body. */
export function bodyOf(request: Request): Readonly<Record<string, unknown>> {
  if (request.body.length === 0) return {}
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'))
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>
  } catch (error) {
    throw new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${(error as Error).message}`)
  }
  throw new AuthError(400, 'bad_json', 'Could not read request body: it is not an object')
}

/** A text of the body; '' when it is missing or no text. */
export const textOf = (body: Readonly<Record<string, unknown>>, name: string): string => {
  const value = body[name]
  return typeof value === 'string' ? value : ''
}
