import type { Stop } from '../base/ports.js'
import type { Change } from './overlay.js'

export interface StoreListener {
  /** Visible rows that changed, told in the turn in which they did. */
  rows?(changes: readonly Change[]): void
  /** The outbox, the parked mutations or the quarantine changed. */
  outbox?(): void
  /** A read or a write of the database failed. */
  failed?(error: unknown): void
  /** The database works again. */
  recovered?(): void
}

/** Who is told of what happens in a store. */
export class Listeners {
  readonly #listeners = new Set<StoreListener>()
  #failing = false

  add(listener: StoreListener): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Visible rows have changed; `outbox`: so has what waits. */
  tell(changes: readonly Change[], outbox: boolean): void {
    for (const listener of this.#listeners) {
      if (changes.length > 0) listener.rows?.(changes)
      if (outbox) listener.outbox?.()
    }
  }

  failed(error: unknown): void {
    this.#failing = true
    for (const listener of this.#listeners) listener.failed?.(error)
  }

  /** Something worked; tells those who have heard that something failed. */
  worked(): void {
    if (!this.#failing) return
    this.#failing = false
    for (const listener of this.#listeners) listener.recovered?.()
  }
}
