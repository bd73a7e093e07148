import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import type { RemoteEvent } from '../remote/remote.js'
import { getKey } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { storePage, type PullContext } from './pull.js'
import { followScopes } from './scopes.js'
import type { RealtimeState } from './status.js'

/** Events that arrive within this many ms are stored together. */
const gather = 10

export interface RealtimeOptions {
  readonly context: PullContext
  readonly name: string
  readonly tables: readonly Table[]
  /** Rows may have changed unheard: pull. */
  readonly missed: () => void
  readonly changed: () => void
}

/** One channel for all tables of a user. In plain mode what it tells is applied directly; what it may have missed is pulled. */
export class Realtime {
  state: RealtimeState = 'off'
  readonly #options: RealtimeOptions
  #events: RemoteEvent[] = []
  #stop: Stop | undefined
  #timer: Stop | undefined

  constructor(options: RealtimeOptions) {
    this.#options = options
  }

  open(): void {
    if (this.#stop) return
    const { context, name, tables, missed } = this.#options
    this.#set('joining')
    const scoped = tables.map((table) => ({
      table,
      owner: table.owner && context.userId,
    }))
    this.#stop = context.remote.channel(name, scoped, {
      event: (event) => this.#hear(event),
      state: (state) => {
        this.#set(state)
        if (state === 'joined') missed()
      },
    })
  }

  close(): void {
    this.#timer?.()
    this.#timer = undefined
    this.#stop?.()
    this.#stop = undefined
    this.#events = []
    this.#set('off')
  }

  #hear(event: RemoteEvent): void {
    this.#events.push(event)
    this.#timer ??= this.#options.context.ports.timer(gather, () => void this.#apply())
  }

  /** A failure of the storage is told by the store itself; what was not stored here is pulled. */
  async #apply(): Promise<void> {
    this.#timer = undefined
    const events = this.#events.splice(0)
    try {
      for (const run of runs(events)) await this.#store(run)
    } catch {
      this.#options.missed()
    }
  }

  async #store(run: readonly RemoteEvent[]): Promise<void> {
    const { context, tables, missed } = this.#options
    const table = tables.find(({ name }) => name === run[0]?.table)
    if (!table) return
    const rows = run.flatMap((event) => (event.type === 'write' ? [event.row] : []))
    // Postgres leaves large unchanged values out of an event: such a row is only a hint.
    if (!rows.every((row) => isWhole(table, row))) return missed()
    if (rows.length > 0) await storePage(context, table, rows)
    else await this.#remove(table, run)
    await followScopes(
      context,
      table,
      run.map((event) => (event.type === 'write' ? event.row : event.key)),
    )
  }

  async #remove(table: Table, run: readonly RemoteEvent[]): Promise<void> {
    const keys = run.flatMap((event) => (event.type === 'delete' ? [getKey(table.key, event.key)] : []))
    await this.#options.context.store.commit({
      rows: [{ table, remove: keys.filter((key) => key !== undefined) }],
    })
  }

  #set(state: RealtimeState): void {
    this.state = state
    this.#options.changed()
  }
}

const isWhole = (table: Table, row: Columns): boolean =>
  Object.keys(table.row._zod.def.shape).every((column) => column in row)

/** Neighbours of one table and one kind, so that they are stored together and in order. */
function runs(events: readonly RemoteEvent[]): RemoteEvent[][] {
  const all: RemoteEvent[][] = []
  for (const event of events) {
    const last = all.at(-1)
    if (last?.[0]?.table === event.table && last[0].type === event.type) last.push(event)
    else all.push([event])
  }
  return all
}
