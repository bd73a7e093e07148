import { Subscription } from 'rxjs'
import type { Ports, Stop } from '../base/ports.js'
import type { Protocol, ProtocolContext, Remote, SyncMode, Thoroughness } from '../remote/protocol.js'
import type { SessionUser } from '../remote/remote.js'
import type { Range, Table } from '../schema/table.js'
import type { Store } from '../store/store.js'
import { Loop } from './loop.js'
import { Realtime } from './realtime.js'
import type { RealtimeState, SyncState } from './status.js'
import { defaultRange } from './window.js'

/** Times in ms. */
export interface SyncOptions {
  /** How often everything is pulled while events flow. Default: 5 minutes. */
  readonly pollEvery?: number
  /** How often everything is pulled while they do not. Default: 15 seconds. */
  readonly pollWhenLost?: number
  /** How often keys are compared with the server's, to find hard deletes. Default: 15 minutes. */
  readonly sweepEvery?: number
  /** How far before its cookie a pull begins. Default: 30 seconds. */
  readonly overlap?: number
}

const defaults = { pollEvery: 300_000, pollWhenLost: 15_000, sweepEvery: 900_000, overlap: 30_000 }

export interface EngineOptions {
  readonly name: string
  readonly store: Store
  readonly remote: Remote
  readonly ports: Ports
  readonly userId: string
  readonly sync: SyncOptions
  readonly changed: () => void
  /** The tab cannot lead, or could not go on. */
  readonly failed: (error: unknown) => void
}

/**
 * What the leader does: keeps the local database and the server equal, until it is stopped.
 *
 *   outbox grows ──────────────────────────► push loop: drain
 *   channel (re)joined, poll, focus, ask ──► pull loop: ranges asked for → changes of each table → sweep when it is due
 *   events ──► store
 *
 * Pull and push run side by side; the store orders what they store, and the newer version of a row wins there.
 */
export class Engine {
  readonly #options: EngineOptions
  readonly #times: Required<SyncOptions>
  readonly #tables: readonly Table[]
  readonly #context: ProtocolContext
  readonly #protocol: Protocol
  readonly #push: Loop
  readonly #pull: Loop
  readonly #realtime: Realtime
  readonly #subscriptions = new Subscription()
  #user: SessionUser
  #online = true
  #due: Thoroughness = 1
  #lastSweep = 0
  #syncedAt = 0
  #poll: Stop | undefined

  constructor(options: EngineOptions) {
    const { store, remote, ports, userId, changed, name } = options
    this.#options = options
    this.#times = { ...defaults, ...options.sync }
    this.#tables = [...store.tables.values()]
    const { overlap } = this.#times
    const pullSoon = (thoroughness?: Thoroughness) => this.pull(thoroughness)
    this.#context = { store, remote, ports, userId, overlap, pullSoon, coming: new Map() }
    this.#protocol = remote.protocol(this.#context)
    const refresh = () => remote.refresh()
    this.#push = new Loop({ ports, refresh, changed, round: () => this.#protocol.push() })
    this.#pull = new Loop({ ports, refresh, changed, round: () => this.#pullAll() })
    this.#realtime = new Realtime({ context: this.#context, name, protocol: this.#protocol, changed })
  }

  get realtime(): RealtimeState {
    return this.#realtime.state
  }

  get modes(): Readonly<Record<string, SyncMode>> {
    return this.#protocol.modes
  }

  get state(): SyncState {
    const states = [this.#push.state, this.#pull.state]
    if (states.some(({ name }) => name === 'sign-in'))
      return { name: 'needs-sign-in', reason: this.#signInReason() }
    const waiting = states.find((state) => state.name === 'waiting')
    if (!this.#online || waiting?.error.code === 'offline') return { name: 'offline' }
    if (waiting) return { name: 'retrying', error: waiting.error, until: waiting.until }
    const busy =
      states.some(({ name }) => name === 'running') ||
      this.#syncedAt === 0 ||
      this.#options.store.overlay.size > 0
    return busy ? { name: 'syncing' } : { name: 'synced', at: this.#syncedAt }
  }

  start(): void {
    const { ports, remote, store } = this.#options
    this.#subscriptions.add(store.listen({ outbox: () => this.#outboxChanged() }))
    this.#subscriptions.add(remote.session$.subscribe((user) => this.#session(user)))
    this.#subscriptions.add(ports.online$.subscribe((online) => this.#network(online)))
    this.#subscriptions.add(ports.visible$.subscribe((visible) => visible && this.pull()))
    this.#outboxChanged()
    this.pull(1)
    this.#schedulePoll()
  }

  stop(): void {
    this.#subscriptions.unsubscribe()
    this.#poll?.()
    this.#realtime.close()
    this.#push.stop()
    this.#pull.stop()
  }

  /** Pulls everything soon. */
  pull(thoroughness: Thoroughness = 0): void {
    this.#due = Math.max(this.#due, thoroughness) as Thoroughness
    this.#pull.wake(true)
  }

  /** Sends what is pending now, without waiting for a backoff to end. */
  push(): void {
    this.#push.wake(true)
  }

  /** Asks for a range of a windowed table; it is pulled once. By name: a view may have been declared over a copy of the table. */
  need(name: string, range: Range): void {
    const table = this.#options.store.tables.get(name)
    if (!table) return
    this.#come(table, range)
    this.#pull.wake()
  }

  async #pullAll(): Promise<void> {
    const { ports } = this.#options
    const overdue = ports.now() - this.#lastSweep > this.#times.sweepEvery
    const thoroughness = overdue ? (Math.max(this.#due, 1) as Thoroughness) : this.#due
    this.#due = 0
    this.#comeStanding(ports.now())
    try {
      await this.#protocol.pull(thoroughness)
      this.#syncedAt = ports.now()
      if (thoroughness > 0) this.#lastSweep = this.#syncedAt
    } catch (error) {
      this.#due = Math.max(this.#due, thoroughness) as Thoroughness
      throw error
    }
  }

  /** The window moves with the clock. */
  #comeStanding(now: number): void {
    for (const table of this.#tables) {
      const range = defaultRange(table, now)
      if (range) this.#come(table, range)
    }
  }

  #come(table: Table, range: Range): void {
    const { coming } = this.#context
    coming.set(table, [...(coming.get(table) ?? []), range])
  }

  #outboxChanged(): void {
    if (this.#options.store.hasPending) this.#push.wake()
    this.#options.changed()
  }

  #session(user: SessionUser): void {
    this.#user = user
    if (user === this.#options.userId) {
      this.#push.resume()
      this.#pull.resume()
      this.#realtime.open()
    } else {
      this.#push.suspend()
      this.#pull.suspend()
      this.#realtime.close()
    }
  }

  #network(online: boolean): void {
    this.#online = online
    this.#push.hold(!online)
    this.#pull.hold(!online)
    if (online) this.#push.wake(true)
    if (online) this.pull(1)
    this.#options.changed()
  }

  #signInReason(): 'expired' | 'signed-out' | 'other-user' {
    if (this.#user === this.#options.userId) return 'expired'
    return this.#user === undefined ? 'signed-out' : 'other-user'
  }

  #schedulePoll(): void {
    const joined = this.#realtime.state === 'joined'
    const delay = joined ? this.#times.pollEvery : Math.min(this.#times.pollWhenLost, this.#times.pollEvery)
    this.#poll = this.#options.ports.timer(delay, () => {
      this.#pull.wake()
      this.#schedulePoll()
    })
  }
}
