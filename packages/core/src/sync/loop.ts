import { toErrorRecord, type ErrorRecord } from '../base/errors.js'
import type { Ports, Stop } from '../base/ports.js'
import { RemoteError } from '../remote/errors.js'
import { backoff } from '../remote/backoff.js'

export type LoopState =
  | { readonly name: 'idle' | 'running' | 'held' | 'stopped' }
  | { readonly name: 'waiting'; readonly error: ErrorRecord; readonly until: number }
  | { readonly name: 'sign-in' }

export interface LoopOptions {
  readonly ports: Ports
  /** One round of work. It may be started again at once when it was woken meanwhile. */
  readonly round: () => Promise<void>
  /** Renews the session; false: the user must sign in. */
  readonly refresh: () => Promise<boolean>
  readonly changed: () => void
}

/**
 * Runs rounds of work against the server, one at a time, and decides when to run the next.
 *
 *            wake()                 done, not woken
 *   idle ───────────► running ─────────────────────► idle
 *     ▲                │ │ ▲
 *     │    hold(false) │ │ └── timer, wake(now) ── waiting     the server cannot now: backoff with jitter
 *   held ◄─ hold(true)─┘ ├──────────────────────►  waiting
 *                        └──────────────────────►  sign-in     the session is over and cannot be renewed
 *                                                     └── resume() ──► running
 *
 * While held (no network) nothing is started; what is running may end.
 */
export class Loop {
  state: LoopState = { name: 'idle' }
  readonly #options: LoopOptions
  #woken = false
  #held = false
  #busy = false
  #attempt = 0
  #timer: Stop | undefined

  constructor(options: LoopOptions) {
    this.#options = options
  }

  /** There is work. `now`: do not wait for the backoff to end, the situation has changed. */
  wake(now = false): void {
    if (this.state.name === 'stopped') return
    this.#woken = true
    if (this.#held || this.state.name === 'running' || this.state.name === 'sign-in') return
    if (this.state.name === 'waiting' && !now) return
    if (now) this.#attempt = 0
    void this.#run()
  }

  /** Someone has signed in. */
  resume(): void {
    if (this.state.name !== 'sign-in') return
    this.#set({ name: this.#held ? 'held' : 'idle' })
    this.wake(true)
  }

  /** Nobody is signed in: waits for `resume`. */
  suspend(): void {
    if (this.state.name === 'stopped') return
    this.#timer?.()
    this.#set({ name: 'sign-in' })
  }

  hold(held: boolean): void {
    this.#held = held
    if (this.state.name === 'stopped' || this.state.name === 'sign-in') return
    if (held && this.state.name !== 'running') {
      this.#timer?.()
      this.#set({ name: 'held' })
    } else if (!held && this.state.name === 'held') {
      this.#set({ name: 'idle' })
      this.wake(true)
    }
  }

  stop(): void {
    this.#timer?.()
    this.#set({ name: 'stopped' })
  }

  async #run(): Promise<void> {
    this.#timer?.()
    this.#set({ name: 'running' })
    // A round outlives a sign-out: after the next sign-in, its loop goes on.
    if (this.#busy) return
    this.#busy = true
    let refreshed = false
    while (this.state.name === 'running') {
      refreshed = await this.#round(refreshed)
      if (this.#held && this.state.name === 'running') this.#set({ name: 'held' })
    }
    this.#busy = false
  }

  /** One round, and what follows from its end. Answers whether the session was renewed for the next one. */
  async #round(refreshed: boolean): Promise<boolean> {
    this.#woken = false
    try {
      await this.#options.round()
      this.#attempt = 0
      if (!this.#woken && !this.#held && this.state.name === 'running') this.#set({ name: 'idle' })
    } catch (error) {
      if (needsSignIn(error) && !refreshed && (await this.#refresh())) return true
      this.#failed(error)
    }
    return false
  }

  async #refresh(): Promise<boolean> {
    try {
      return await this.#options.refresh()
    } catch (error) {
      this.#failed(error)
      return false
    }
  }

  #failed(error: unknown): void {
    if (this.state.name !== 'running') return
    if (needsSignIn(error)) return this.#set({ name: 'sign-in' })
    if (this.#held) return this.#set({ name: 'held' })
    const { ports } = this.#options
    const retryAfter = error instanceof RemoteError ? error.retryAfter : undefined
    const delay = backoff(this.#attempt, () => ports.random(), retryAfter)
    this.#attempt += 1
    this.#timer = ports.timer(delay, () => void this.#run())
    this.#set({ name: 'waiting', error: toErrorRecord(error, 'server-busy'), until: ports.now() + delay })
  }

  #set(state: LoopState): void {
    this.state = state
    this.#options.changed()
  }
}

const needsSignIn = (error: unknown): boolean => error instanceof RemoteError && error.kind === 'sign-in'
