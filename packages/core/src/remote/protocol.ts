import type { Ports } from '../base/ports.js'
import type { Range, Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import type { RemoteEvent, Transport } from './remote.js'

/** How a table is synchronised: `plain` is best effort, `exact` loses nothing. */
export type SyncMode = 'plain' | 'exact'

/** What a protocol works with, and for whom. */
export interface ProtocolContext {
  readonly store: Store
  readonly remote: Transport
  readonly ports: Ports
  readonly userId: string
  /** How far before the cookie a plain pull begins, in ms: transactions that began earlier may commit later. */
  readonly overlap: number
  /**
   * Ranges of windowed tables that are asked for. A protocol pulls what is not held of them, and takes them out. News of rows
   * in them is kept: a row that is written while its range is being read may stand in no page, and the event that told of
   * it does not come again.
   */
  readonly coming: Map<Table, readonly Range[]>
  /** Asks for a pull soon. */
  readonly pullSoon: (thoroughness?: Thoroughness) => void
}

/** How much a pull looks for. 0: what has changed; 1: and, where it is due, what that cannot tell; 2: and that in any case. */
export type Thoroughness = 0 | 1 | 2

/**
 * What is said to a server, and how its answers are stored. The engine decides when. Each method rejects with a `RemoteError`
 * that says what to do then; what was not finished is done by the next call.
 */
export interface Protocol {
  /** How each table is synchronised, as far as it is known. */
  readonly modes: Readonly<Record<string, SyncMode>>
  /** Brings what has changed on the server. */
  pull(thoroughness: Thoroughness): Promise<void>
  /** Sends the outbox until nothing of it can be sent. */
  push(): Promise<void>
  /** Takes in what the channel told, in order. */
  hear(events: readonly RemoteEvent[]): Promise<void>
}

/** The far side, and how it is kept equal. */
export interface Remote extends Transport {
  protocol(context: ProtocolContext): Protocol
}
