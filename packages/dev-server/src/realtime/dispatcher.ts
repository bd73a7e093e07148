import type { Context } from '../context.js'
import type { Faults } from '../faults.js'
import type { Rooms } from './broadcast.js'
import { type Change, ChangeLog } from './changeLog.js'
import { deliver, type DeliveryTools } from './deliver.js'
import { Listener } from './listener.js'
import { forgetMessages, storedMessage } from './messages.js'
import { Metadata } from './metadata.js'
import type { Subscription } from './subscription.js'

/** How long after the commit a change is delivered, in ms: the answer of the write that made it goes first. */
const settle = 12

/** How long until a round that failed is tried again, in ms. */
const retryAfter = 500

/** How often what was delivered is swept away, in ms. */
const sweepEvery = 60_000

/**
 * Delivers changes to those who may see them.
 *
 *   idle ── notified ──► what is new? ── 12 ms ──► reading, delivering ──► idle
 *                            ▲                       │ notified meanwhile, or failed
 *                            └───────────────────────┘
 */
export class Dispatcher {
  readonly metadata: Metadata
  readonly #context: Context
  readonly #rooms: Rooms
  readonly #tools: DeliveryTools
  readonly #log: ChangeLog
  readonly #listener: Listener
  readonly #subscriptions = new Set<Subscription>()
  #sweeping: ReturnType<typeof setInterval> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | undefined
  #again = false
  #closed = false

  constructor(context: Context, faults: Faults, rooms: Rooms) {
    const { pool, databaseUrl, log } = context
    this.#context = context
    this.#rooms = rooms
    this.metadata = new Metadata(pool)
    this.#tools = { pool, metadata: this.metadata, faults, log }
    this.#log = new ChangeLog(pool)
    this.#listener = new Listener({ databaseUrl, log, hear: (payload) => this.#hear(payload) })
  }

  /** Resolves when it listens: what is committed from then on is told. */
  async start(): Promise<void> {
    await this.#log.skip()
    await this.#listener.start()
    this.#sweeping = setInterval(() => {
      this.#sweep().catch((error: unknown) => this.#complain(error))
    }, sweepEvery)
    this.#sweeping.unref()
  }

  /** Delivers nothing while the database is another one's turn, and then what is committed from then on. */
  async whilePaused(work: () => Promise<void>): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#listener.pause()
    await this.#running
    clearTimeout(this.#timer)
    this.#timer = undefined
    await work()
    this.metadata.forget()
    await this.#log.skip()
    await this.#listener.start()
  }

  /** Subscribes from now on; the answer ends it. */
  add(subscription: Subscription): () => void {
    this.#subscriptions.add(subscription)
    return () => this.#subscriptions.delete(subscription)
  }

  /** Resolves when the last delivery is over. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    clearInterval(this.#sweeping)
    this.#subscriptions.clear()
    await this.#listener.close()
    await this.#running
  }

  #hear(payload: string): void {
    if (payload === 'structure') this.metadata.forget()
    else this.#wake(0)
  }

  #wake(delay: number): void {
    if (this.#closed) return
    if (this.#running) this.#again = true
    else this.#timer ??= setTimeout(() => this.#run(), delay)
  }

  #run(): void {
    this.#timer = undefined
    this.#again = false
    const round = this.#round().then(
      () => 0,
      (error: unknown) => {
        this.#complain(error)
        this.#again = true
        return retryAfter
      },
    )
    this.#running = round.then((delay) => {
      this.#running = undefined
      if (this.#again) this.#wake(delay)
    })
  }

  async #sweep(): Promise<void> {
    await this.#log.sweep()
    await forgetMessages(this.#context.pool)
  }

  #round(): Promise<void> {
    return this.#log.read(
      async (changes) => {
        for (const run of runsOf(changes)) {
          // One table's trouble is not another's: the rest is delivered.
          await this.#deliver(run).catch((error: unknown) => this.#complain(error))
        }
      },
      { settle, wanted: () => this.#subscriptions.size > 0 || !this.#rooms.isEmpty },
    )
  }

  async #deliver(run: readonly Change[]): Promise<void> {
    const [first] = run
    if (first?.schema !== 'realtime' || first.table !== 'messages') {
      return deliver(this.#tools, [...this.#subscriptions], run)
    }
    for (const { record = {} } of run) {
      const stored = storedMessage(record)
      if (stored) this.#rooms.broadcast({ name: stored.topic, isPrivate: stored.isPrivate }, stored.message)
    }
  }

  #complain(error: unknown): void {
    if (this.#closed) return
    this.#context.log(`Realtime could not deliver: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Neighbouring changes of one table together, in their order. */
function runsOf(changes: readonly Change[]): Change[][] {
  const runs: Change[][] = []
  for (const change of changes) {
    const last = runs.at(-1)
    const same = last?.[0]?.table === change.table && last[0].schema === change.schema
    if (last && same) last.push(change)
    else runs.push([change])
  }
  return runs
}
