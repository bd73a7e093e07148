import { sameValue } from '../base/json.js'
import type { Stop, TabChannel } from '../base/ports.js'
import type { SyncMode, Thoroughness } from '../remote/protocol.js'
import type { Range, Table } from '../schema/table.js'
import { Engine, type EngineOptions } from './engine.js'
import { HandOver, type HandOverWord } from './handOver.js'
import { holdLease, type Lead } from './lease.js'
import type { RealtimeState, SyncState } from './status.js'
import { whileLeading } from './whileLeading.js'

/** After how many ms a tab that gave way, or could not lead, stands again: one that waited has the lead by then. */
const again = 3_000

/** What the leader knows and all tabs show. */
interface Led {
  readonly state: SyncState
  readonly realtime: RealtimeState
  readonly modes: Readonly<Record<string, SyncMode>>
}

/** What followers ask of the leader, and what the leader tells. */
type LeaderMessage =
  | { readonly type: 'need'; readonly table: string; readonly range: Range }
  | { readonly type: 'sync'; readonly thoroughness: Thoroughness }
  | { readonly type: 'who' | HandOverWord }
  | { readonly type: 'state'; readonly led: Led }

export interface LeaderOptions extends EngineOptions {
  /** Says again, by `need`, which ranges this tab needs: whoever led before may not have brought them. */
  readonly needAll: () => void
}

/**
 * One tab of a database leads: it alone runs the engine.
 *
 *   resting ── stand ──► following ── the lock is ours ──► leading ── leave, lost, gives way ──► (another tab leads)
 *      ▲                   │    asks: need, sync, who, seen   │ tells: state, hidden              │
 *      └── leave ──────────┴───── BroadcastChannel ───────────┘           stands again, unless it left
 */
export class Leader {
  leading = false
  led: Led = { state: { name: 'syncing' }, realtime: 'off', modes: {} }
  readonly #options: LeaderOptions
  readonly #channel: TabChannel
  readonly #handOver: HandOver
  readonly #unlisten: Stop
  /** Aborts when this tab neither leads nor waits to any more. */
  #standing = new AbortController()
  #engine: Engine | undefined
  #again: Stop | undefined

  constructor(options: LeaderOptions) {
    const { ports, name } = options
    this.#options = options
    this.#channel = ports.tabs(`${name}:leader`)
    this.#unlisten = this.#channel.listen((message) => this.#hear(message as LeaderMessage))
    this.#handOver = new HandOver({
      ports,
      say: (type) => this.#post({ type }),
      giveWay: () => this.leading && this.#stepAside(),
    })
  }

  /** Waits to lead, and says what this tab needs. */
  stand(): void {
    // Also when the page wakes twice: from its freezing, and from the cache.
    this.leave()
    this.#post({ type: 'who' })
    this.#options.needAll()
    this.#stand()
  }

  /** Lets another tab lead. */
  leave(): void {
    this.#standing.abort()
    this.#again?.()
    const engine = this.#engine
    this.#engine = undefined
    this.leading = false
    engine?.stop()
  }

  stop(): void {
    this.leave()
    this.#handOver.stop()
    this.#unlisten()
    this.#channel.close()
  }

  /** Asks for a range of a windowed table. */
  need({ name }: Table, range: Range): void {
    if (this.#engine) this.#engine.need(name, range)
    else this.#post({ type: 'need', table: name, range })
  }

  /** Pushes and pulls now. */
  sync(thoroughness: Thoroughness): void {
    if (!this.#engine) return this.#post({ type: 'sync', thoroughness })
    this.#engine.push()
    this.#engine.pull(thoroughness)
  }

  /** A tab that could not lead (its database failed just then) stands again. */
  #stand(): void {
    const { ports, name, failed } = this.#options
    const standing = new AbortController()
    const { signal } = standing
    this.#standing = standing
    const led = ports.lock
      ? ports.lock(`${name}:leader`, signal, () => this.#lead(signal))
      : holdLease(this.#options, signal, (lead) => this.#lead(signal, lead))
    led.catch((error: unknown) => {
      if (signal.aborted) return
      failed(error)
      this.#stepAside()
    })
  }

  #stepAside(): void {
    this.leave()
    this.#again = this.#options.ports.timer(again, () => this.#stand())
    this.#options.changed()
  }

  async #lead(signal: AbortSignal, lead?: Lead): Promise<void> {
    // News that this tab missed before it led must be in its outbox before it pushes.
    if (!signal.aborted) await this.#options.store.refresh()
    if (signal.aborted) return
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    const store = whileLeading(this.#options.store, signal, lead)
    const engine = new Engine({ ...this.#options, store, changed: () => this.#engineChanged(engine) })
    lead?.lost.addEventListener('abort', () => this.#engine === engine && this.#stepAside())
    this.#engine = engine
    this.leading = true
    engine.start()
    this.#options.needAll()
    this.#handOver.began()
    await ended
  }

  #engineChanged(engine: Engine, asked = false): void {
    // One that was stopped has nothing to tell: the next leader has.
    if (engine !== this.#engine) return
    const { state, realtime, modes } = engine
    const led: Led = { state, realtime, modes }
    // A message to other tabs costs more than the write that may have led here.
    if (asked || !sameValue(led, this.led)) this.#post({ type: 'state', led })
    this.led = led
    this.#options.changed()
  }

  #post(message: LeaderMessage): void {
    this.#channel.post(message)
  }

  #hear(message: LeaderMessage): void {
    if (message.type === 'hidden' || message.type === 'seen') this.#handOver.hear(message.type)
    else if (this.#engine) this.#asked(this.#engine, message)
    else if (message.type === 'state') {
      this.led = message.led
      this.#options.changed()
    }
  }

  #asked(engine: Engine, message: LeaderMessage): void {
    if (message.type === 'who') this.#engineChanged(engine, true)
    else if (message.type === 'sync') this.sync(message.thoroughness)
    else if (message.type === 'need') engine.need(message.table, message.range)
  }
}
