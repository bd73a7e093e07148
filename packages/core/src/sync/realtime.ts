import type { Stop } from '../base/ports.js'
import type { Protocol, ProtocolContext } from '../remote/protocol.js'
import type { RemoteEvent } from '../remote/remote.js'
import type { RealtimeState } from './status.js'

/** Events that arrive within this many ms are taken in together. */
const gather = 10

export interface RealtimeOptions {
  readonly context: ProtocolContext
  readonly name: string
  readonly protocol: Protocol
  readonly changed: () => void
}

/** One channel for all tables of a user. What it tells is given to the protocol; what it may have missed is pulled. */
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
    const { name, context } = this.#options
    const { remote, store, userId, pullSoon } = context
    this.#set('joining')
    const tables = [...store.tables.values()].map((table) => ({ table, owner: table.owner && userId }))
    this.#stop = remote.channel(name, tables, {
      event: (event) => this.#hear(event),
      state: (state) => {
        this.#set(state)
        if (state === 'joined') pullSoon(1)
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
    const { protocol, context } = this.#options
    this.#timer = undefined
    try {
      await protocol.hear(this.#events.splice(0))
    } catch {
      context.pullSoon(1)
    }
  }

  #set(state: RealtimeState): void {
    this.state = state
    this.#options.changed()
  }
}
