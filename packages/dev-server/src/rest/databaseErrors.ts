import { DatabaseError } from 'pg'
import { RestError } from './errors.js'

/**
 * What PostgREST makes of an error of PostgreSQL.
 * @param isAnonymous without rights, somebody signed in is refused (403), anybody else is asked to sign in (401)
 */
export function fromDatabase(error: unknown, isAnonymous: boolean): RestError {
  if (!(error instanceof DatabaseError)) return unreachable(error)
  const { code = 'XX000', message, detail, hint } = error
  if (code === 'PGRST') return fromRaisedResponse(message, detail)
  const status = statusOf(code, message, isAnonymous)
  const headers = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}
  return new RestError(status, { code, message, details: detail ?? null, hint: hint ?? null }, headers)
}

const byCode: Readonly<Record<string, number>> = {
  '21000': 500,
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  '57P01': 503,
  P0001: 400,
}

const byClass: Readonly<Record<string, number>> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
}

function statusOf(code: string, message: string, isAnonymous: boolean): number {
  if (code === '42501') return isAnonymous ? 401 : 403
  if (code === '22023') return /^role ".*" does not exist$/.test(message) ? 401 : 400
  const raised = /^PT(\d{3})$/.exec(code)?.[1]
  return raised === undefined ? (byCode[code] ?? byClass[code.slice(0, 2)] ?? 400) : Number(raised)
}

/** `raise sqlstate 'PGRST'`: a function chooses status, headers and body of its error. */
function fromRaisedResponse(message: string, detail: string | undefined): RestError {
  const body = parseObject(message)
  const response = parseObject(detail)
  if (
    typeof body?.code !== 'string' ||
    typeof body.message !== 'string' ||
    typeof response?.status !== 'number'
  ) {
    return new RestError(500, {
      code: 'PGRST121',
      message: 'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error',
      details: `Invalid JSON value for MESSAGE or DETAIL: '${message}', '${detail ?? ''}'`,
      hint: 'MESSAGE must be a JSON object with obligatory keys: "code", "message". DETAIL must be a JSON object with obligatory keys: "status", "headers".',
    })
  }
  const { code, message: text, details, hint } = body
  const headers = (response.headers ?? {}) as Record<string, string>
  const words = { code, message: text, details, hint: typeof hint === 'string' ? hint : null }
  return new RestError(response.status, words, headers)
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // Not JSON: the caller says so.
  }
}

/** The driver gives its own failures no code: what is neither the system's nor told by these words is a fault of ours. */
const lost =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded|Client was closed)/

function unreachable(error: unknown): RestError {
  if (!(error instanceof Error)) throw error
  const isSystem = typeof (error as NodeJS.ErrnoException).syscall === 'string'
  if (!isSystem && !lost.test(error.message)) throw error
  const message = 'Database connection error. Retrying the connection.'
  return new RestError(503, { code: 'PGRST000', message, details: error.message })
}
