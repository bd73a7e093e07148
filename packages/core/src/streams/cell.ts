import type { Stop } from '../base/ports.js'

/**
 * A value over time that is either known or not yet (`undefined`). Everything a stream shows stands in one.
 * `start` runs when the first watcher comes, its stop when the last one has left for a while.
 */
export interface Cell<T> {
  readonly current: T | undefined
  /** Calls `changed` after each change, once a turn. Keeps the cell alive until stopped. */
  watch(changed: () => void): Stop
  /** Resolves when the value is known; rejects when it cannot be read. */
  readonly ready: Promise<void>
}

/** Tells the watchers of all cells once, at the end of the turn in which they changed. */
export class Turn {
  readonly #due = new Set<() => void>()

  add(tell: () => void): void {
    if (this.#due.size === 0) queueMicrotask(() => this.#flush())
    this.#due.add(tell)
  }

  #flush(): void {
    const due = [...this.#due]
    this.#due.clear()
    for (const tell of due) tell()
  }
}

/** The watchers of one cell. */
export class Watchers {
  readonly #watchers = new Set<() => void>()
  readonly #turn: Turn
  readonly #tell = (): void => {
    for (const changed of [...this.#watchers]) changed()
  }

  constructor(turn: Turn) {
    this.#turn = turn
  }

  add(changed: () => void): Stop {
    // A copy of its own, so that one function may watch twice.
    const watcher = (): void => changed()
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  changed(): void {
    if (this.#watchers.size > 0) this.#turn.add(this.#tell)
  }
}
