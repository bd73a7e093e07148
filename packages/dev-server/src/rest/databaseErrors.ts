import { DatabaseError } from 'pg'
import { RestError } from './errors.js'
import { statusIn } from './chosen.js'
import { fromRaised } from './raised.js'

/**
 * What PostgREST makes of an error of PostgreSQL.
 * @param isAnonymous without rights, somebody signed in is refused (403), anybody else is asked to sign in (401)
 */
export function fromDatabase(error: unknown, isAnonymous: boolean): RestError {
  if (!(error instanceof DatabaseError)) return unreachable(error)
  const { code = 'XX000', message, detail, hint } = error
  if (code === 'PGRST') return fromRaised(message, detail)
  const status = statusOf(code, message, isAnonymous)
  const headers = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}
  const words = { code, message, details: detail ?? null, hint: hint ?? null }
  return new RestError(status, words, headers, code.startsWith('PT') ? message : undefined)
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
  if (code.startsWith('PT')) return statusIn(code.slice(2)) ?? 500
  const told = byMessage.find((one) => one.code === code && one.message.test(message))
  return told?.status ?? byCode[code] ?? byClass[code.slice(0, 2)] ?? 400
}

/** A code may stand for several things. */
const byMessage = [
  { code: '21000', message: /requires a WHERE clause$/, status: 400 },
  { code: '22023', message: /^role ".*" does not exist$/s, status: 401 },
  { code: '42883', message: /^function xmlagg\(/, status: 406 },
]

/** The driver gives its own failures no code: what is neither the system's nor told by these words is a fault of ours. */
const lost = /^(?:Connection terminated|Client has encountered a connection error|Client was closed)/

function unreachable(error: unknown): RestError {
  if (!(error instanceof Error)) throw error
  if (error.message.startsWith('timeout exceeded')) return tooBusy
  const isSystem = typeof (error as NodeJS.ErrnoException).syscall === 'string'
  if (!isSystem && !lost.test(error.message)) throw error
  const message = 'Database connection error.'
  return new RestError(503, { code: 'PGRST000', message, details: error.message })
}

/** All connections were in use for as long as somebody waits for one. */
const tooBusy = new RestError(504, {
  code: 'PGRST003',
  message: 'Timed out acquiring connection from connection pool.',
})
