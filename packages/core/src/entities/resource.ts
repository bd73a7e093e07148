import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import type { View } from '../invalidation/subscriptions.js'
import { Watchers } from '../streams/cell.js'
import { Cached } from './cached.js'
import type { CachedState } from './cachedState.js'
import { FetchLoop } from './fetchLoop.js'
import type { CachedRecord, FetchAnswer, Origin, Surroundings } from './origin.js'

/** Whether nobody would see a difference. */
const isSame = (a: object, b: object): boolean => {
  const facts = Object.entries(a)
  return (
    facts.length === Object.keys(b).length &&
    facts.every(([name, fact]) => Object.is(fact, (b as Columns)[name]))
  )
}

/** One thing that lies on a server: shown from memory, else from the records, and fetched behind that while it is watched. */
export class Resource<V> {
  readonly origin: Origin<V>
  readonly #around: Surroundings
  readonly #dropped: () => void
  readonly #cached: Cached<V>
  readonly #watchers: Watchers
  readonly #loop: FetchLoop<FetchAnswer>
  #watching = 0
  /** How many of the watchers want it kept equal to the server. */
  #following = 0
  #leave: Stop | undefined
  /** The value whose rows are heard of. */
  #heard: V | undefined
  #dropping: Stop | undefined
  #state: CachedState<V> | undefined
  /** Whether the state must be worked out again. */
  #outdated = true

  constructor(origin: Origin<V>, around: Surroundings, dropped: () => void) {
    this.origin = origin
    this.#around = around
    this.#dropped = dropped
    this.#cached = new Cached(origin, around)
    this.#watchers = new Watchers(around.turn)
    this.#loop = new FetchLoop<FetchAnswer>({
      ports: around.options.ports,
      fetch: (signal) => origin.fetch({ signal, tag: this.#cached.record?.tag }),
      accept: (answer) => this.#cached.accept(answer, this.#loop.woken),
      changed: () => this.changed(),
    })
  }

  /** What the server last said. */
  get record(): CachedRecord | undefined {
    return this.#cached.record
  }

  /** The same as the client's value, without what this page has under way. */
  get value(): V | undefined {
    return this.#cached.value
  }

  /** The entities that it shows as rows, apart from what this page has under way. */
  get rows(): readonly View[] {
    return this.value === undefined ? [] : (this.origin.rows?.(this.value) ?? [])
  }

  /** `undefined` while nobody is signed in, and before the first watcher. */
  get state(): CachedState<V> | undefined {
    const idle = !this.#cached.read && this.#watching === 0
    if (idle || !this.#around.records) return undefined
    if (this.#outdated || !this.#state) {
      const state = this.#cached.stateOf(this.#loop.state)
      if (!this.#state || !isSame(this.#state, state)) this.#state = state
      this.#outdated = false
    }
    return this.#state
  }

  /** Of the records alone: `null` when they do not have it, `undefined` before they are read. */
  get stored(): V | null | undefined {
    return this.#cached.stored
  }

  /**
   * Calls `changed` after each change, once a turn.
   *
   * @param follow whether it is fetched and kept equal to the server meanwhile
   */
  watch(changed: () => void, follow: boolean): Stop {
    const unwatch = this.#watchers.add(changed)
    this.#dropping?.()
    this.#watching += 1
    if (follow) this.#following += 1
    void this.begin()
    let left = false
    return () => {
      if (left) return
      left = true
      unwatch()
      if (follow) this.#unfollow()
      this.#watching -= 1
      if (this.#watching > 0) return
      const { ports, keep } = this.#around.options
      this.#dropping = ports.timer(keep, this.#dropped)
    }
  }

  /** Reads what is stored, unless that is done, and fetches when there is reason to. */
  async begin(): Promise<void> {
    const records = this.#around.records
    if (!records) return
    if (this.#cached.read !== records) {
      this.changed()
      await this.#cached.load(records)
      this.changed()
    }
    if (this.#around.records !== records || this.#following === 0) return
    if (!this.#leave) this.listen()
    if (this.#isDue()) this.#loop.wake()
  }

  /** Hears of it, if it is followed, through whatever tells of it now. */
  listen(): void {
    const leave = this.#leave
    const followed = this.#following > 0 && this.#cached.read !== undefined
    this.#heard = this.value
    this.#leave = followed ? this.#around.listen(this.origin.view, this.rows) : undefined
    // Last, so that what is heard of as before is not left.
    leave?.()
  }

  /** It may have changed: it is fetched while it is followed, and when it is followed again otherwise. */
  invalidate(): void {
    this.#cached.stale = true
    if (this.#following > 0 && this.#cached.read) this.#loop.wake()
    this.changed()
  }

  /** The network is back. */
  hurry(): void {
    this.#loop.hurry()
  }

  /** The user has signed in again. */
  resume(): void {
    this.#loop.resume()
  }

  /** Takes in what the server said in answer to a write, or of its going. What a fetch under way says may be older. */
  put(answer: FetchAnswer): void {
    const fetching = this.#loop.state.name === 'fetching'
    this.#loop.stop()
    this.#take(answer, fetching)
    if (fetching) this.#loop.wake()
  }

  /** The server has told of a newer version elsewhere. What a fetch under way says counts only if it is newer still. */
  offer(data: unknown): void {
    this.#take({ data }, this.#cached.stale)
  }

  /** What the server said is changed by what it said elsewhere. */
  amend(data: unknown): void {
    this.#cached.amend(data)
    this.changed()
  }

  /** Another tab has stored it. */
  async reload(): Promise<void> {
    await this.#cached.reload()
    this.changed()
  }

  /** Another user, or none: forgets everything, and begins again if it is watched. */
  reset(): void {
    this.#loop.reset()
    this.#leave?.()
    this.#leave = undefined
    this.#cached.forget()
    this.changed()
    if (this.#watching > 0) void this.begin()
  }

  /** What a page sees of it has changed. */
  changed(): void {
    this.#outdated = true
    if (this.#leave && this.origin.rows && this.#heard !== this.value) this.listen()
    this.#watchers.changed()
  }

  /** What does not fit is reported; a fetch will say what is there. */
  #take(answer: FetchAnswer, stale: boolean): void {
    try {
      this.#cached.accept(answer, stale)
    } catch (error) {
      this.#cached.stale = true
      this.#around.report(error)
    }
    this.changed()
  }

  #isDue(): boolean {
    const { record, stale } = this.#cached
    if (stale || !record) return true
    const age = this.#around.options.ports.now() - record.at
    // What is from the future is of unknown age: the clock was set back.
    return age < 0 || age > this.#around.options.staleTime
  }

  #unfollow(): void {
    this.#following -= 1
    if (this.#following > 0) return
    this.#loop.stop()
    this.#leave?.()
    this.#leave = undefined
    this.changed()
  }
}
