/** A request that is refused, with the HTTP status that says why. `message` is for the user. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** What PostgreSQL refuses, by SQLSTATE: its own words name tables and constraints, and are for no user. */
const refusals: Readonly<Record<string, readonly [status: number, message: string]>> = {
  '42501': [403, 'Your role does not allow this.'],
  '23505': [409, 'There is one with this key already.'],
  '23503': [422, 'It refers to something that is not there.'],
  '23514': [422, 'A value is not allowed.'],
  '23502': [422, 'A value is missing.'],
  '40001': [503, 'Somebody else wrote at the same moment. Try again.'],
  '40P01': [503, 'Somebody else wrote at the same moment. Try again.'],
  '57014': [503, 'It took too long. Try again.'],
}

/** What to answer to any failure; what nobody foresaw is a 500 that tells nothing. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  const {
    code = '',
    statusCode,
    message = '',
  } = (error ?? {}) as {
    code?: string
    statusCode?: number
    message?: string
  }
  const refusal = refusals[code]
  if (refusal) return new HttpError(refusal[0], code, refusal[1])
  if (code.startsWith('22')) return new HttpError(422, code, 'A value does not fit.')
  if (/^(08|53|57P|ECONN|ENOTFOUND)/.test(code))
    return new HttpError(503, code, 'The database cannot be reached now.')
  if (statusCode !== undefined && statusCode < 500)
    return new HttpError(statusCode, code || 'bad-request', message)
  return new HttpError(500, 'internal', 'Something went wrong.')
}
