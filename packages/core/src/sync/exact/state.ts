import type { ExactChange } from '../../remote/exact.js'
import type { Store } from '../../store/store.js'

/** The pull position: what the server said at the end of the last whole pull. */
export interface Position {
  /** A whole `pg_snapshot`; `null`: nothing is held. */
  readonly cookie: string | null
  readonly epoch: string | null
  readonly role: string | null
  /** Tables that are whole at the cookie. */
  readonly tables: readonly string[]
  /** When both sides were compared last, in ms since the epoch. */
  readonly comparedAt: number
  /** Counts what was stored of answers. Who finds another number than they read has an answer that is too old (R9). */
  readonly stored: number
}

/** A mutation on its way: what is sent, and the outbox's ids of each of its changes. */
export interface Flying {
  readonly changes: readonly ExactChange[]
  readonly ids: readonly (readonly string[])[]
}

/**
 * What is being sent. It is on disk before it is sent, and does not change: sent again, it says the same under the same
 * numbers, which is how the server knows it.
 */
export interface Flight {
  readonly client: string
  /** The number of its first mutation. */
  readonly first: number
  readonly mutations: readonly Flying[]
}

/** Who this device is to the server, and the number of its next mutation. */
export interface ClientState {
  readonly id: string
  readonly next: number
}

/** Mutations that the server has applied in a transaction. They leave when a pull has brought that. */
export interface Acknowledged {
  /** The history of the database in which the transaction is. */
  readonly epoch: string
  readonly xid: string
  readonly ids: readonly string[]
}

/**
 * Where it lies. A new version of the schema empties all below `push`: rows and cookies are fetched again, but what is on its
 * way stays known.
 */
export const names = {
  position: 'exact',
  flight: 'push:flight',
  client: 'push:client',
  acknowledged: 'push:acknowledged',
} as const

const nothing: Position = { cookie: null, epoch: null, role: null, tables: [], comparedAt: 0, stored: 0 }

/** The position as it lies on the disk, and as it is to be read. */
export async function readPosition(store: Store): Promise<{ found: unknown; position: Position }> {
  const found = (await store.meta(names.position)) as Position | undefined
  return { found, position: found ?? nothing }
}

export const readAcknowledged = async (store: Store): Promise<readonly Acknowledged[]> =>
  ((await store.meta(names.acknowledged)) as readonly Acknowledged[] | undefined) ?? []
