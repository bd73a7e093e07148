import type { Observable } from 'rxjs'
import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import type { Direction, Where } from '../query/query.js'
import type { Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { ExactFunctions } from './exact.js'

/** One page of a table, as the server has it. */
export interface SelectRequest {
  readonly table: Table
  /** Left out: all columns. */
  readonly columns?: readonly string[] | undefined
  /** Client values; the remote encodes them by the table's codecs. */
  readonly where?: Where
  readonly order: readonly (readonly [column: string, direction: Direction])[]
  /** Only rows that come after these server values in the order given (all columns ascending). */
  readonly after?: Columns | undefined
  /** Rows at most; 1 to 1,000. */
  readonly limit: number
}

/** A row that the server tells of without being asked. DELETE carries the key's columns only. */
export type RemoteEvent =
  | { readonly type: 'write'; readonly table: string; readonly row: Columns }
  | { readonly type: 'delete'; readonly table: string; readonly key: Columns }

/**
 * `joined` is told each time that events flow (again): rows changed meanwhile must be pulled.
 * `lost` means that events may be missed from now on; the remote tries to come back by itself.
 */
export type ChannelState = 'joining' | 'joined' | 'lost'

export interface ChannelTable {
  readonly table: Table
  /** Only rows whose owner column holds this id; left out: all that the policies let through. */
  readonly owner?: string | undefined
}

export interface ChannelSink {
  event(event: RemoteEvent): void
  state(state: ChannelState): void
}

/** Who is signed in at the server now: `undefined` when no one is. */
export type SessionUser = string | undefined

/**
 * The far side as it can be asked. Rows are server rows. Every method rejects with a `RemoteError` that says what to do:
 * retry, sign in, or park. One conformance suite runs against every implementation.
 */
export interface Transport {
  /** Names the project, so that databases of two projects never meet. */
  readonly id: string
  select(request: SelectRequest): Promise<Columns[]>
  /** Inserts rows in one request and resolves with what they became. */
  insert(table: Table, rows: readonly Columns[]): Promise<Columns[]>
  /** Sets the same columns on every key in one request; resolves with the rows that were changed (fewer: hidden or gone). */
  update(table: Table, keys: readonly Key[], patch: Columns): Promise<Columns[]>
  /** Deletes every key in one request; resolves with the rows that were deleted. */
  remove(table: Table, keys: readonly Key[]): Promise<Columns[]>
  /** Opens one channel for all tables. */
  channel(name: string, tables: readonly ChannelTable[], sink: ChannelSink): Stop
  /** Emits the signed-in user at once and at each sign-in, refresh and sign-out. */
  readonly session$: Observable<SessionUser>
  /** Refreshes the session once for all tabs. Resolves with false when the user must sign in. */
  refresh(): Promise<boolean>
  /** The functions of exact sync; left out where there can be none. */
  readonly exact?: ExactFunctions
}
