import { sameValue } from '../base/json.js'
import type { Stop, TabChannel } from '../base/ports.js'
import type { SyncMode, Thoroughness } from '../remote/protocol.js'
import type { Range, Table } from '../schema/table.js'
import { Engine, type EngineOptions } from './engine.js'
import type { RealtimeState, SyncState } from './status.js'

/** After how many ms a tab that could not lead stands again. */
const again = 1_000

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
  | { readonly type: 'who' }
  | ({ readonly type: 'state' } & Led)

/**
 * One tab of a database leads: it alone runs the engine.
 *
 *   following ── the lock is ours ──► leading ── stop, tab closed ──► (another tab leads)
 *       │ asks: need, sync, who          │ tells: state
 *       └──────────── BroadcastChannel ──┘
 */
export class Leader {
  leading = false
  led: Led = { state: { name: 'syncing' }, realtime: 'off', modes: {} }
  readonly #options: EngineOptions
  readonly #channel: TabChannel
  readonly #abort = new AbortController()
  readonly #unlisten: Stop
  readonly #wanted = new Map<Table, Range[]>()
  #engine: Engine | undefined
  #release: (() => void) | undefined
  #again: Stop | undefined

  constructor(options: EngineOptions) {
    this.#options = options
    this.#channel = options.ports.tabs(`${options.name}:leader`)
    this.#unlisten = this.#channel.listen((message) => this.#hear(message as LeaderMessage))
  }

  start(): void {
    this.#channel.post({ type: 'who' } satisfies LeaderMessage)
    this.#stand()
  }

  /** Waits to lead. A tab that could not (its database failed just then) stands again. */
  #stand(): void {
    const { ports, name, failed } = this.#options
    ports
      .lock(`${name}:leader`, this.#abort.signal, () => this.#lead())
      .catch((error: unknown) => {
        failed(error)
        this.#again = ports.timer(again, () => this.#stand())
      })
  }

  stop(): void {
    this.#abort.abort()
    this.#again?.()
    this.#engine?.stop()
    this.#release?.()
    this.#unlisten()
    this.#channel.close()
  }

  /** Asks for a range of a windowed table. */
  need(table: Table, range: Range): void {
    // Kept, so that it is asked again should this tab lead later.
    this.#wanted.set(table, [...(this.#wanted.get(table) ?? []), range])
    if (this.#engine) this.#engine.need(table, range)
    else this.#channel.post({ type: 'need', table: table.name, range } satisfies LeaderMessage)
  }

  /** Pushes and pulls now. */
  sync(thoroughness: Thoroughness): void {
    if (!this.#engine) return this.#channel.post({ type: 'sync', thoroughness } satisfies LeaderMessage)
    this.#engine.push()
    this.#engine.pull(thoroughness)
  }

  async #lead(): Promise<void> {
    if (this.#abort.signal.aborted) return
    // News that this tab missed before it led must be in its outbox before it pushes.
    await this.#options.store.refresh()
    const ended = new Promise<void>((resolve) => (this.#release = resolve))
    if (this.#abort.signal.aborted) return
    const engine = new Engine({ ...this.#options, changed: () => this.#engineChanged(engine) })
    this.#engine = engine
    this.leading = true
    engine.start()
    for (const [table, ranges] of this.#wanted) for (const range of ranges) engine.need(table, range)
    await ended
  }

  #engineChanged({ state, realtime, modes }: Engine, asked = false): void {
    const led: Led = { state, realtime, modes }
    // A message to other tabs costs more than the write that may have led here.
    if (asked || !sameValue(led, this.led))
      this.#channel.post({ type: 'state', ...led } satisfies LeaderMessage)
    this.led = led
    this.#options.changed()
  }

  #hear(message: LeaderMessage): void {
    const engine = this.#engine
    if (message.type === 'state' && !engine) {
      const { state, realtime, modes } = message
      this.led = { state, realtime, modes }
      this.#options.changed()
    } else if (engine && message.type === 'who') this.#engineChanged(engine, true)
    else if (engine && message.type === 'sync') this.sync(message.thoroughness)
    else if (engine && message.type === 'need') {
      const table = this.#options.store.tables.get(message.table)
      if (table) engine.need(table, message.range)
    }
  }
}
