import type { ErrorRecord } from '../base/errors.js'

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
