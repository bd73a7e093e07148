import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { JWK } from 'jose'
import type { AuthOptions } from '../auth/authOptions.js'
import { DevServerError } from '../errors.js'
import type { DevServerOptions } from '../options.js'
import { bytesOf } from '../storage/body.js'
import type { BucketOptions, StorageOptions } from '../storage/storageOptions.js'
import type { Section } from './section.js'

/** What `config.toml` says of the services. What it leaves out has the server's defaults, which are those of the local stack. */
export async function optionsOf(config: Section, directory: string): Promise<DevServerOptions> {
  const [api, auth] = [config.section('api'), config.section('auth')]
  return given({
    port: api.number('port'),
    jwtExpiry: auth.number('jwt_expiry'),
    jwtSecret: auth.text('jwt_secret'),
    signingKeys: await signingKeysOf(auth.text('signing_keys_path'), directory),
    auth: authOf(auth),
    storage: storageOf(config.section('storage')),
    rest: given({
      schemas: api.texts('schemas'),
      extraSearchPath: api.texts('extra_search_path'),
      maxRows: api.number('max_rows'),
    }),
  })
}

function authOf(auth: Section): Partial<AuthOptions> {
  const email = auth.section('email')
  const confirms = email.flag('enable_confirmations')
  const mfa = auth.section('mfa')
  return given({
    signUp: auth.flag('enable_signup'),
    emailSignUp: email.flag('enable_signup'),
    anonymous: auth.flag('enable_anonymous_sign_ins'),
    manualLinking: auth.flag('enable_manual_linking'),
    autoconfirm: confirms === undefined ? undefined : !confirms,
    minimumPasswordLength: auth.number('minimum_password_length'),
    siteUrl: auth.text('site_url'),
    rotation: auth.flag('enable_refresh_token_rotation'),
    reuseInterval: auth.number('refresh_token_reuse_interval'),
    totpEnroll: mfa.section('totp').flag('enroll_enabled'),
    totpVerify: mfa.section('totp').flag('verify_enabled'),
    mostFactors: mfa.number('max_enrolled_factors'),
  })
}

function storageOf(storage: Section): StorageOptions {
  const buckets = storage.section('buckets').sections()
  return given({
    fileSizeLimit: sizeOf(storage),
    buckets: Object.fromEntries(buckets.map(([name, section]) => [name, bucketOf(section)])),
  })
}

const bucketOf = (bucket: Section): BucketOptions =>
  given({
    public: bucket.flag('public'),
    fileSizeLimit: sizeOf(bucket),
    allowedMimeTypes: bucket.texts('allowed_mime_types'),
  })

const sizeOf = (section: Section) => bytesOf(section.text('file_size_limit'))

async function signingKeysOf(file: string | undefined, directory: string): Promise<JWK[] | undefined> {
  if (file === undefined) return undefined
  const place = path.resolve(directory, file)
  try {
    return JSON.parse(await readFile(place, 'utf8')) as JWK[]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DevServerError('config-invalid', `auth.signing_keys_path, ${place}: ${reason}.`, error)
  }
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> }

/** What was left out must not hide a default. */
const given = <T extends object>(values: T): Given<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
