import type { Observable } from 'rxjs'

/** Stops what was started: a timer, a subscription, a lock. */
export type Stop = () => void

/** Messages between the tabs of one database. A tab never hears itself. */
export interface TabChannel {
  post(message: unknown): void
  listen(heard: (message: unknown) => void): Stop
  close(): void
}

/**
 * Everything the core takes from its surroundings. The browser's own stand in `browserPorts`;
 * a simulation owns all of them.
 */
export interface Ports {
  /** Milliseconds since the epoch. */
  now(): number
  /** A number in [0, 1). */
  random(): number
  /** A new random UUID. */
  uuid(): string
  /** A digest that does not tell the text. */
  hash(text: string): Promise<string>
  /** Where databases lie; left out: the browser's own. */
  readonly indexedDB?: IDBFactory
  /** Calls `run` once after `delay` ms. */
  timer(delay: number, run: () => void): Stop
  /** Opens the channel of one database. */
  tabs(name: string): TabChannel
  /**
   * Waits for the lock and holds it until the promise of `held` settles or `signal` aborts. Resolves when it is released;
   * only one holder at a time among all tabs. `undefined` where there are no such locks: a lease in the database serves.
   */
  readonly lock: ((name: string, signal: AbortSignal, held: () => Promise<void>) => Promise<void>) | undefined
  /** True while the device says that it has a network; emits at once. */
  readonly online$: Observable<boolean>
  /** True while the page can be seen; emits at once. */
  readonly visible$: Observable<boolean>
  /** False while the page is frozen or in the back/forward cache; emits at once. Left out: it never is. */
  readonly active$?: Observable<boolean>
  /** Asks the browser to keep the database; resolves with its answer, `undefined` where it cannot be asked. */
  persist(): Promise<boolean | undefined>
}
