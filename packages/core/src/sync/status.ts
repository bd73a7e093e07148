import type { ErrorRecord } from '../base/errors.js'
import type { SyncMode } from '../remote/protocol.js'

/** `off`: not asked for; `lost`: events may be missed and the tables are polled. */
export type RealtimeState = 'off' | 'joining' | 'joined' | 'lost'

/** What is true whatever else is. */
export interface StatusFacts {
  /** Writes that wait for the server. */
  readonly pending: number
  /** Refused writes that wait for the user. */
  readonly parked: number
  /** Server rows that do not fit their declaration. */
  readonly quarantined: number
  /** Whether this tab does the synchronising. */
  readonly leader: boolean
  readonly realtime: RealtimeState
  readonly modes: Readonly<Record<string, SyncMode>>
  /** Whether the browser has promised to keep the database; `undefined` until it was asked, and where it cannot be. */
  readonly persisted: boolean | undefined
  /** Rows that were let go of since the start, because the device was full; they come again when they are shown. */
  readonly pruned: number
}

/** The one state of a Tidemark. */
export type Status =
  | { readonly name: 'stopped' }
  | { readonly name: 'starting' }
  | (StatusFacts & { readonly name: 'offline' })
  | (StatusFacts & { readonly name: 'syncing' })
  /** Everything that this device knows of is on both sides. `at`: ms since the epoch. */
  | (StatusFacts & { readonly name: 'synced'; readonly at: number })
  /** The server answers, but not as it should; the next try is at `until`, in ms since the epoch. */
  | (StatusFacts & { readonly name: 'retrying'; readonly error: ErrorRecord; readonly until: number })
  /** Writes are accepted and kept; they are sent after the user has signed in. */
  | (StatusFacts & {
      readonly name: 'needs-sign-in'
      readonly reason: 'expired' | 'signed-out' | 'other-user'
    })
  | { readonly name: 'storage-blocked' }
  | { readonly name: 'storage-failed'; readonly error: ErrorRecord }

/** What the engine alone knows; the facts are the store's. */
export type SyncState =
  | { readonly name: 'offline' | 'syncing' }
  | { readonly name: 'synced'; readonly at: number }
  | { readonly name: 'retrying'; readonly error: ErrorRecord; readonly until: number }
  | { readonly name: 'needs-sign-in'; readonly reason: 'expired' | 'signed-out' | 'other-user' }
