import type { ErrorRecord } from '../base/errors.js'
import type { FetchState } from './fetchLoop.js'

/** What is known of something that lies on a server, and how good it is. `data` can be read in every state. */
export type CachedState<V> =
  /** Nothing is known yet; it is being fetched. */
  | { readonly name: 'loading'; readonly data: undefined }
  /** As the server last said. `syncedAt` is in ms since the epoch. */
  | { readonly name: 'fresh'; readonly data: V; readonly syncedAt: number }
  /** It may have changed since; it is being fetched. */
  | { readonly name: 'stale'; readonly data: V; readonly syncedAt: number }
  /** The server cannot be reached or is busy; it is asked again at `until`, in ms since the epoch. */
  | {
      readonly name: 'waiting'
      readonly data: V | undefined
      readonly error: ErrorRecord
      readonly until: number
    }
  /** The server does not accept the session; it is asked again after the next `start`. */
  | { readonly name: 'needs-sign-in'; readonly data: V | undefined; readonly reason: string }
  /** The server refused, or its answer does not fit the declaration. */
  | { readonly name: 'failed'; readonly data: V | undefined; readonly error: ErrorRecord }
  /** It is gone, or hidden from this user; `data` is the last that was known. */
  | { readonly name: 'removed'; readonly data: V | undefined }

/** What a state follows from. */
export interface Facts<V> {
  /** What a page sees of the data; `undefined` when there is none. */
  readonly data: V | undefined
  /** The server has said, or is asked, that it go. */
  readonly removed: boolean
  readonly syncedAt: number
  readonly stale: boolean
  readonly fetch: FetchState
}

/** The one state of all that is known. */
export function cachedState<V>({ data, removed, syncedAt, stale, fetch }: Facts<V>): CachedState<V> {
  if (fetch.name === 'needs-sign-in' || fetch.name === 'waiting' || fetch.name === 'failed')
    return { ...fetch, data }
  if (removed) return { name: 'removed', data }
  if (data === undefined) return { name: 'loading', data: undefined }
  return { name: stale || fetch.name === 'fetching' ? 'stale' : 'fresh', data, syncedAt }
}
