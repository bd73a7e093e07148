import type { JWK } from 'jose'
import { type AuthOptions, defaultAuthOptions } from './auth/authOptions.js'
import type { Clock } from './context.js'
import { DevServerError } from './errors.js'
import { requireLoopback } from './http/listen.js'
import type { DatabaseOption } from './postgres/database.js'
import type { RealtimeLimits } from './realtime/limits.js'
import type { RestSettings } from './rest/catalog/settings.js'
import type { StorageOptions } from './storage/storageOptions.js'
import { demoSecret } from './tokens.js'

/** Everything may be left out. */
export interface DevServerOptions {
  /** 54321 as with the local Supabase stack; 0 lets the system choose. */
  readonly port?: number
  /** `'127.0.0.1'`; anything beyond this computer is refused. */
  readonly host?: string
  /** `'temporary'`, `{ directory }`, `{ copyOf }`, or a `postgres://` URL. Left out: temporary. */
  readonly database?: DatabaseOption
  /** Directories of SQL files, applied once each in order of file name. */
  readonly migrations?: readonly string[]
  /** SQL files that run once on a new database, after the migrations. */
  readonly seed?: readonly string[]
  /** At least 32 characters; left out: the secret of the local stack, and its well-known keys. */
  readonly jwtSecret?: string
  /** How long an access token lasts, in seconds: 3600. */
  readonly jwtExpiry?: number
  /** Private keys (ES256 or RS256) that sign the tokens of sessions, the first of them; left out: `jwtSecret` does. */
  readonly signingKeys?: readonly JWK[]
  /** What differs from the sessions of the local stack. */
  readonly auth?: Partial<AuthOptions>
  /** What differs from the REST interface of the local stack. */
  readonly rest?: Partial<RestSettings>
  /** Milliseconds since the epoch; decides when tokens expire. */
  readonly clock?: Clock
  /** What differs from how much realtime clients may do. */
  readonly realtime?: Partial<RealtimeLimits>
  /** Where files are kept, how large they may be, and the buckets that are there from the start. */
  readonly storage?: StorageOptions
  /** Numbers from 0 to 1 that decide about faults. */
  readonly random?: () => number
  /** Notices for whoever runs the server. Left out: none. */
  readonly log?: (message: string) => void
}

export type CompleteOptions = Required<DevServerOptions>

/**
 * Fills in what was left out, and refuses what cannot be before anything is started.
 * @throws DevServerError `production-refused`, `host-refused`, `option-invalid`
 */
export function completeOptions(
  options: DevServerOptions,
  environment: NodeJS.ProcessEnv = process.env,
): CompleteOptions {
  if (environment.NODE_ENV === 'production') {
    throw new DevServerError('production-refused', 'NODE_ENV is production.')
  }
  const complete = { ...defaults(), ...options }
  requireLoopback(complete.host)
  if (!Number.isInteger(complete.port) || complete.port < 0 || complete.port > 65_535) {
    throw new DevServerError('option-invalid', `port is ${String(complete.port)}.`)
  }
  if (!Number.isInteger(complete.jwtExpiry) || complete.jwtExpiry < 1) {
    throw new DevServerError('option-invalid', `jwtExpiry is ${String(complete.jwtExpiry)}.`)
  }
  return complete
}

const defaults = (): CompleteOptions => ({
  port: 54321,
  host: '127.0.0.1',
  database: 'temporary',
  migrations: [],
  seed: [],
  jwtSecret: demoSecret,
  jwtExpiry: defaultAuthOptions.jwtExpiry,
  signingKeys: [],
  auth: {},
  rest: {},
  realtime: {},
  storage: {},
  clock: Date.now,
  random: Math.random,
  log: () => undefined,
})
