import { jwtVerify, SignJWT } from 'jose'
import { badToken } from './errors.js'
import type { ObjectName } from './names.js'
import type { StorageContext } from './storageOptions.js'

/** How long an address to upload to is good, in seconds. */
const uploadLifetime = 7_200

type Signing = Pick<StorageContext, 'tokens' | 'clock'>

/** A token with which anybody may read one object. @param lifetime in seconds */
export function signObject(context: Signing, object: ObjectName, lifetime: number): Promise<string> {
  return sign(context, { url: urlOf(object) }, lifetime)
}

/** @throws StorageError for a token of another object, and one that has expired */
export async function verifyObject(context: Signing, object: ObjectName, token: string): Promise<void> {
  await verify(context, object, token)
}

/** Whose upload it is, and whether it may replace another one. */
export interface UploadRight {
  readonly owner: string | undefined
  readonly upsert: boolean
}

export function signUpload(context: Signing, object: ObjectName, right: UploadRight): Promise<string> {
  return sign(context, { url: urlOf(object), upload: true, ...right }, uploadLifetime)
}

/** @throws StorageError */
export async function verifyUpload(
  context: Signing,
  object: ObjectName,
  token: string,
): Promise<UploadRight> {
  const { upload, owner, upsert } = await verify(context, object, token)
  if (upload !== true) throw badToken('The token is not for an upload')
  return { owner: typeof owner === 'string' ? owner : undefined, upsert: upsert === true }
}

/** Without a role: nowhere else does such a token open anything. */
function sign({ tokens, clock }: Signing, claims: object, lifetime: number): Promise<string> {
  const now = Math.floor(clock() / 1_000)
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(now)
    .setExpirationTime(now + lifetime)
    .sign(new TextEncoder().encode(tokens.secret))
}

async function verify({ tokens, clock }: Signing, object: ObjectName, token: string) {
  const key = new TextEncoder().encode(tokens.secret)
  const verified = jwtVerify(token, key, { algorithms: ['HS256'], currentDate: new Date(clock()) })
  const { payload } = await verified.catch((error: unknown) => {
    throw badToken(error instanceof Error ? error.message : String(error))
  })
  if (payload.url !== urlOf(object)) throw badToken('The token is for another object')
  return payload
}

const urlOf = ({ bucket, name }: ObjectName) => `${bucket}/${name}`
