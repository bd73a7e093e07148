import type { Context } from '../context.js'

/** What a project can set about its sessions; the defaults are those of the local stack. */
export interface AuthOptions {
  /** How long an access token lasts, in seconds. */
  readonly jwtExpiry: number
  /** Whether anybody may become a user. */
  readonly signUp: boolean
  /** Whether an address and a password make a user. */
  readonly emailSignUp: boolean
  /** Whether a user may come without any credentials. */
  readonly anonymous: boolean
  /** Whether a user may take an identity from the account, or add one. */
  readonly manualLinking: boolean
  /** Whether an address counts as confirmed at once. */
  readonly autoconfirm: boolean
  readonly minimumPasswordLength: number
  /** Where links lead that name no other place. */
  readonly siteUrl: string
  /** Whether a refresh token is good for one refresh alone. */
  readonly rotation: boolean
  /** How long a token that was rotated may be used once more, in seconds. */
  readonly reuseInterval: number
  /** Whether an authenticator app may be enrolled as a second factor. */
  readonly totpEnroll: boolean
  /** Whether the codes of authenticator apps are taken. */
  readonly totpVerify: boolean
  /** Second factors of one user. */
  readonly mostFactors: number
}

export const defaultAuthOptions: AuthOptions = {
  jwtExpiry: 3_600,
  signUp: true,
  emailSignUp: true,
  anonymous: false,
  manualLinking: false,
  autoconfirm: true,
  minimumPasswordLength: 6,
  siteUrl: 'http://127.0.0.1:3000',
  rotation: true,
  reuseInterval: 10,
  totpEnroll: false,
  totpVerify: false,
  mostFactors: 10,
}

/** What the session service works with. */
export interface AuthContext extends Context {
  readonly auth: AuthOptions
}
