import { toErrorRecord, type ErrorRecord } from '../base/errors.js'
import type { Ports, Stop } from '../base/ports.js'
import { backoff } from '../remote/backoff.js'
import { RemoteError } from '../remote/errors.js'
import { within } from './within.js'

export type FetchState =
  | { readonly name: 'idle' | 'fetching' }
  | { readonly name: 'waiting'; readonly error: ErrorRecord; readonly until: number }
  | { readonly name: 'needs-sign-in'; readonly reason: string }
  | { readonly name: 'failed'; readonly error: ErrorRecord }

export interface FetchLoopOptions<A> {
  readonly ports: Pick<Ports, 'now' | 'random' | 'timer'>
  readonly fetch: (signal: AbortSignal) => Promise<A>
  /** Takes an answer in; what it throws is a failure of the fetch. */
  readonly accept: (answer: A) => void
  readonly changed: () => void
}

/**
 * Fetches one thing, once at a time, and decides when to try again.
 *
 *            wake()                 accepted
 *   idle ───────────► fetching ─────────────────► idle        woken meanwhile: fetching again
 *    ▲                 │  ▲ timer, hurry()
 *    │                 ├──┴─ waiting                          no answer, 5xx: backoff with jitter
 *    │                 ├──── failed        ── wake() ──►      refused: fetching, when there is reason to
 *    │                 └──── needs-sign-in ── resume() ──►    401: fetching, when somebody has signed in
 *    └── stop(): what runs is aborted, and its answer is not taken in
 */
export class FetchLoop<A> {
  state: FetchState = { name: 'idle' }
  readonly #options: FetchLoopOptions<A>
  #run: AbortController | undefined
  #timer: Stop | undefined
  #again = false
  #attempt = 0

  constructor(options: FetchLoopOptions<A>) {
    this.#options = options
  }

  /** There is reason to fetch. */
  wake(): void {
    const { name } = this.state
    if (name === 'fetching') this.#again = true
    else if (name === 'idle' || name === 'failed') void this.#fetch()
  }

  /** The network is back: what waits does so no longer. */
  hurry(): void {
    if (this.state.name === 'waiting') void this.#fetch()
  }

  /** Somebody has signed in. */
  resume(): void {
    if (this.state.name === 'needs-sign-in') void this.#fetch()
  }

  /** Whether there was reason to fetch again since the last fetch began. */
  get woken(): boolean {
    return this.#again
  }

  stop(): void {
    const { state } = this
    this.reset()
    // Nobody has signed in by looking elsewhere.
    if (state.name === 'needs-sign-in') this.state = state
  }

  /** Stops, and forgets that the user must sign in. */
  reset(): void {
    this.#run?.abort()
    this.#timer?.()
    this.#run = undefined
    this.#attempt = 0
    this.#again = false
    this.state = { name: 'idle' }
  }

  async #fetch(): Promise<void> {
    this.#timer?.()
    this.#again = false
    const run = new AbortController()
    this.#run = run
    this.#set({ name: 'fetching' })
    const { ports, fetch, accept } = this.#options
    try {
      const answer = await within(ports, run, fetch)
      if (this.#run !== run) return
      accept(answer)
      this.#attempt = 0
      this.#set({ name: 'idle' })
      if (this.#again) void this.#fetch()
    } catch (error) {
      if (this.#run === run) this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    const record = toErrorRecord(error, 'refused')
    const { kind, retryAfter } = error instanceof RemoteError ? error : { kind: 'refused', retryAfter: 0 }
    if (kind === 'sign-in') return this.#set({ name: 'needs-sign-in', reason: record.message })
    if (kind !== 'retry') {
      this.#set({ name: 'failed', error: record })
      if (this.#again) void this.#fetch()
      return
    }
    const { now, random, timer } = this.#options.ports
    const delay = backoff(this.#attempt, random, retryAfter)
    this.#attempt += 1
    this.#timer = timer(delay, () => void this.#fetch())
    this.#set({ name: 'waiting', error: record, until: now() + delay })
  }

  #set(state: FetchState): void {
    this.state = state
    this.#options.changed()
  }
}
