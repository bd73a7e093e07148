import type { Clock } from './context.js'

/** The server's time, which tests move to let tokens expire. The database keeps its own. */
export interface MovableClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Moves it ahead, or back with less than 0, in milliseconds. */
  advance(milliseconds: number): void
  /** Takes all moves back. */
  reset(): void
}

/** @param clock what it follows while it is not moved */
export function createClock(clock: Clock): MovableClock {
  let ahead = 0
  return {
    now: () => clock() + ahead,
    advance: (milliseconds) => void (ahead += milliseconds),
    reset: () => void (ahead = 0),
  }
}
