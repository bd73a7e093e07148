import { DatabaseError } from 'pg'
import type { Reply } from '../context.js'
import { TokenError } from '../tokens.js'

/** A refusal of the storage service, as Supabase words it. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  /** What the body says as `statusCode`; the answer itself is a 400. */
  readonly status: number
  readonly code: string
  readonly title: string

  constructor(status: number, code: string, title: string, message: string) {
    super(message)
    this.status = status
    this.code = code
    this.title = title
  }
}

export const noBucket = () => new StorageError(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found')
export const noObject = () => new StorageError(404, 'NoSuchKey', 'not_found', 'Object not found')
export const invalid = (message: string) =>
  new StorageError(400, 'InvalidRequest', 'invalid_request', message)
export const badToken = (message: string) => new StorageError(400, 'InvalidJWT', 'InvalidJWT', message)

/** What went wrong, in the words of the service; undefined for what is no answer to a client. */
export function toStorageError(error: unknown): StorageError | undefined {
  if (error instanceof StorageError) return error
  if (error instanceof TokenError) return new StorageError(403, 'InvalidJWT', 'Unauthorized', error.message)
  if (!(error instanceof DatabaseError)) return undefined
  switch (error.code) {
    case '42501':
      return new StorageError(403, 'AccessDenied', 'Unauthorized', error.message)
    case '23505':
      return new StorageError(409, 'KeyAlreadyExists', 'Duplicate', 'The resource already exists')
    case '23503':
      return noBucket()
    default:
      return new StorageError(400, 'DatabaseError', 'DatabaseError', error.message)
  }
}

export const refusal = ({ status, code, title, message }: StorageError): Reply =>
  json(400, { statusCode: String(status), code, error: title, message })

/** An answer with a JSON body. */
export const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
