import { jwtVerify } from 'jose'
import { HttpError } from './httpError.ts'

/** The claims of a token that holds. */
export interface Claims {
  readonly sub: string
  readonly role: string
  readonly [claim: string]: unknown
}

/** Makes the check of an `Authorization` header: the token must be signed with the project's secret and be a signed-in user's. */
export function authenticator(jwtSecret: string): (header: string | undefined) => Promise<Claims> {
  const key = new TextEncoder().encode(jwtSecret)
  return async (header = '') => {
    const token = /^Bearer (\S+)$/i.exec(header)?.[1]
    if (token === undefined) throw new HttpError(401, 'no-token', 'Sign in first.')
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] }).catch(() => {
      throw new HttpError(401, 'bad-token', 'The session has expired. Sign in again.')
    })
    const { sub, role } = payload
    if (sub === undefined || role !== 'authenticated')
      throw new HttpError(401, 'bad-token', 'The token is not one of a signed-in user.')
    return { ...payload, sub, role }
  }
}
