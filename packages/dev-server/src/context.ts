import type { JWK } from 'jose'
import type { Pool } from 'pg'

/** The claims of a verified token, as they are handed to Postgres in `request.jwt.claims`. */
export interface Claims {
  readonly role: string
  readonly exp?: number
  readonly sub?: string
  readonly [claim: string]: unknown
}

/** One HTTP request, read whole, so that every service is a plain function from request to reply. */
export interface Request {
  readonly method: string
  /** Path and query; the service's prefix (`/rest/v1`) is already taken off the path. */
  readonly url: URL
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Reply {
  readonly status: number
  /** The HTTP reason phrase; left out: the standard one of the status. */
  readonly statusText?: string
  /** One with several values is sent several times. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer
}

/** Answers the requests below one prefix. */
export type Service = (request: Request) => Promise<Reply>

/** Signs and verifies the project's tokens: with its secret (HS256), or with its first key where it has keys. */
export interface Tokens {
  readonly secret: string
  /** The keys without what is private of them, for whoever verifies a token without asking. */
  readonly publicKeys: readonly JWK[]
  /** Signs claims; `iat` and `exp` are seconds since the epoch and are taken as given. */
  sign(claims: Claims): Promise<string>
  /** Verifies signature and expiry. Throws a `TokenError` whose `reason` is `'malformed' | 'signature' | 'expired' | 'claims'`. */
  verify(token: string): Promise<Claims>
}

/** Present time in milliseconds since the epoch; tests move it to make tokens expire. */
export type Clock = () => number

/** What every service of the server shares. */
export interface Context {
  readonly pool: Pool
  /** A connection string for services that hold a connection of their own (LISTEN). */
  readonly databaseUrl: string
  readonly tokens: Tokens
  readonly clock: Clock
  /** Human-readable notices for whoever runs the server; never tokens or passwords. */
  readonly log: (message: string) => void
}
