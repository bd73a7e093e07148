import type { Request } from '../context.js'
import { AuthError } from './answers.js'

/** The JSON object that a request brings. */
export type Body = Readonly<Record<string, unknown>>

/**
 * Reads the body of a request; none is an empty object.
 * @throws AuthError `bad_json`
 */
export function bodyOf(request: Request): Body {
  if (request.body.length === 0) return {}
  const body = parse(request.body.toString('utf8'))
  if (isObject(body)) return body
  throw new AuthError(400, 'bad_json', 'Could not read request body: it is not an object')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${reason}`)
  }
}

const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A text of the body; undefined when it is left out, null or empty.
 * @throws AuthError `validation_failed` for what is no text
 */
export function textOf(body: Body, name: string): string | undefined {
  const value = body[name] ?? ''
  if (typeof value === 'string') return value === '' ? undefined : value
  throw new AuthError(400, 'validation_failed', `${name} must be a string`)
}

/**
 * An object of the body; undefined when it is left out or null.
 * @throws AuthError `validation_failed` for what is no object
 */
export function objectOf(body: Body, name: string): Body | undefined {
  const value = body[name] ?? undefined
  if (value === undefined || isObject(value)) return value
  throw new AuthError(400, 'validation_failed', `${name} must be an object`)
}

/** What HTML takes for an address, and GoTrue with it. */
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const addresses = new RegExp(`^[a-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`, 'i')

/**
 * An address of the body, in lower case as it is stored; undefined when it is left out.
 * @throws AuthError `validation_failed`
 */
export function emailOf(body: Body): string | undefined {
  const email = textOf(body, 'email')
  if (email === undefined || (email.length <= 255 && addresses.test(email))) return email?.toLowerCase()
  throw new AuthError(400, 'validation_failed', 'Unable to validate email address: invalid format')
}

/**
 * A new password of the body; undefined when it is left out.
 * @param shortest how many characters it must have
 * @throws AuthError `weak_password`, `validation_failed`
 */
export function newPasswordOf(body: Body, shortest: number): string | undefined {
  const password = textOf(body, 'password')
  if (password === undefined) return undefined
  if (password.length < shortest) {
    const weakness = { weak_password: { reasons: ['length'] } }
    const message = `Password should be at least ${shortest} characters.`
    throw new AuthError(422, 'weak_password', message, weakness)
  }
  if (Buffer.byteLength(password) > 72) {
    throw new AuthError(400, 'validation_failed', 'Password cannot be longer than 72 characters')
  }
  return password
}
