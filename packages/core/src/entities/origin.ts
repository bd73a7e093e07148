import type { Columns } from '../base/json.js'
import type { View } from '../invalidation/subscriptions.js'
import type { Ports, Stop } from '../base/ports.js'
import type { Records, RecordStore, StoredRecord } from '../store/record.js'
import type { Turn } from '../streams/cell.js'
import type { Asking, Fetched, Fetcher } from './fetcher.js'
import type { Overlay } from './overlay.js'

/** What the server last said of a resource. `at`: when it said so. */
export interface CachedRecord extends StoredRecord {
  readonly data: unknown
  readonly tag?: string | undefined
  /** A soft mark: the server no longer has it. `data` is what it was. */
  readonly removed?: true
}

/** `gone`: the server has no such thing, or does not show it. */
export type FetchAnswer = Fetched | 'unchanged' | 'gone'

/** What a resource is of, and where it comes from. */
export interface Origin<V> {
  readonly store: RecordStore
  readonly id: string
  /** What events speak of it. */
  readonly view: View
  /** The entities that it shows as rows. */
  readonly rows?: (value: V) => readonly View[]
  readonly fetch: (asking: Asking) => Promise<FetchAnswer>
  /**
   * The server's data as the client's.
   *
   * @throws ValidationError when it does not fit
   */
  readonly decode: (data: unknown) => V
  /** What a page sees of it; `undefined` when it is asked to go. Left out: all of it. */
  readonly visible?: (value: V) => V | undefined
  /** Whether what has come is older than what is known. Left out: it never is. */
  readonly isOlder?: ((data: unknown, known: unknown) => boolean) | undefined
  /** Something to show until the first answer, where nothing is stored. */
  readonly seed?: () => CachedRecord | undefined
  /** It has new data. */
  readonly accepted?: (data: unknown) => void
}

/** What names a stored record, and tells which of two is newer. */
export type Stored = Pick<Origin<unknown>, 'store' | 'id' | 'isOlder'>

/** What all origins and resources of one cache share. */
export interface Surroundings {
  readonly options: {
    readonly fetcher: Fetcher
    readonly ports: Ports
    /** How long an answer is good without asking again, in ms. */
    readonly staleTime: number
    /** How long a resource is kept in memory after its last watcher, in ms. */
    readonly keep: number
  }
  readonly turn: Turn
  readonly overlay: Overlay
  /** The records of the signed-in user; `undefined` while there is none. */
  readonly records: Records | undefined
  readonly report: (error: unknown) => void
  /** Stores what the server said, and tells the other tabs. */
  store(origin: Stored, record: CachedRecord): void
  listen(view: View, rows: readonly View[]): Stop
  /** A row of a list in memory. */
  rowOf(code: string, id: string): CachedRecord | undefined
  /** The server has told of these rows, in whatever answer. */
  heard(code: string, rows: readonly Columns[]): void
}
