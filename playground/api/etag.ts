import { createHash } from 'node:crypto'
import { HttpError } from './httpError.ts'

/** The ETag of a row: its version. */
export const versionTag = (row: { readonly version?: unknown }): string => `"${String(row.version)}"`

/** The ETag of anything else: a digest of what is sent. */
export const bodyTag = (body: string): string =>
  `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`

/** Whether the client has this state already. */
export const isKnown = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch?.split(',').some((known) => [tag, '*'].includes(known.trim())) ?? false

/**
 * The version that an `If-Match` header asks for; `undefined` when any will do.
 *
 * @throws HttpError 412 when it is no version that a row of ours could have
 */
export function wantedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined
  const version = /^"(\d{1,15})"$/.exec(ifMatch)?.[1]
  if (version === undefined) throw new HttpError(412, 'changed', 'Somebody else has changed it.')
  return Number(version)
}
