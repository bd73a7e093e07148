import type { Pool, PoolClient } from 'pg'
import type { Body } from './body.js'

export type Queryable = Pool | PoolClient

/** A way in which a user can be recognised, as a client sees it. */
export interface Identity {
  readonly identity_id: string
  /** The id that the provider has for the user. */
  readonly id: string
  readonly user_id: string
  readonly identity_data: Readonly<Record<string, unknown>>
  readonly provider: string
  readonly last_sign_in_at: string | null
  readonly created_at: string | null
  readonly updated_at: string | null
  readonly email: string | null
}

/** A second factor of a user, as a client sees it. */
export interface Factor {
  readonly id: string
  readonly created_at: string
  readonly updated_at: string
  readonly status: 'verified' | 'unverified'
  readonly friendly_name?: string
  readonly factor_type: 'totp' | 'phone' | 'webauthn'
}

/** A row of `auth.users`, as far as sessions need it, with the user's identities and second factors. */
export interface UserRow {
  readonly id: string
  readonly email: string | null
  readonly role: string | null
  readonly encrypted_password: string | null
  readonly email_confirmed_at: Date | null
  readonly last_sign_in_at: Date | null
  readonly banned_until: Date | null
  readonly deleted_at: Date | null
  readonly raw_app_meta_data: Body | null
  readonly raw_user_meta_data: Body | null
  readonly is_anonymous: boolean
  readonly created_at: Date | null
  readonly updated_at: Date | null
  readonly identities: readonly Identity[]
  readonly factors: readonly Factor[]
}
