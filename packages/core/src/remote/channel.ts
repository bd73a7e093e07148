import type { Subscription } from 'rxjs'
import type { Ports, Stop } from '../base/ports.js'
import { backoff } from './backoff.js'
import type { ChannelState } from './remote.js'

/**
 * What is heard of a channel. In capitals what realtime-js says of the connection; `listening` and `deaf`: the server has
 * begun to listen to the database, or cannot; `missed`: a row has changed and was not told.
 */
export type ChannelWord =
  'SUBSCRIBED' | 'CHANNEL_ERROR' | 'TIMED_OUT' | 'CLOSED' | 'listening' | 'deaf' | 'missed'

export interface ChannelHandle {
  close(): Promise<unknown>
}

export interface SuperviseOptions {
  readonly ports: Pick<Ports, 'now' | 'random' | 'timer' | 'online$'>
  /** Opens a new channel; `say` is called with what is heard of it. */
  readonly open: (say: (word: ChannelWord) => void) => Promise<ChannelHandle>
  /** Renews the session: an expired token is why servers close channels. */
  readonly refresh: () => Promise<boolean>
  readonly state: (state: ChannelState) => void
}

/** After so many ms without a way back, realtime-js gets a new channel, with the token of now. */
const patience = 60_000
/** A channel that has lived for so many ms was well: its successor need not wait long. */
const steady = 30_000

/** Keeps a channel open until it is stopped. */
export function superviseChannel(options: SuperviseOptions): Stop {
  const supervisor = new Supervisor(options)
  supervisor.start()
  return () => supervisor.stop()
}

/**
 *   joining ── SUBSCRIBED ──► joined ── CHANNEL_ERROR, TIMED_OUT, deaf ──► lost      they come back by themselves
 *      ▲                       ▲  └──── listening, missed: joined again      │ │
 *      │                       └────────── SUBSCRIBED, listening ────────────┘ │
 *      │                                                                       │
 *      │                  CLOSED, not by us: final for realtime-js             │ 60 s, or the network is back
 *      └── backoff, then a refresh of the session ◄──┘                         │
 *      └───────────────────────────────────────────────────────────────────────┘
 */
class Supervisor {
  readonly #options: SuperviseOptions
  /** Counts the channels; words of an earlier one are not heard any more. */
  #round = 0
  #subscribed = false
  #attempt = 0
  #joinedAt: number | undefined
  #state: ChannelState | undefined
  #handle: ChannelHandle | undefined
  #timer: Stop | undefined
  #online: Subscription | undefined

  constructor(options: SuperviseOptions) {
    this.#options = options
  }

  start(): void {
    void this.#open()
    this.#online = this.#options.ports.online$.subscribe((online) => {
      if (online && this.#state === 'lost' && !this.#subscribed) void this.#open()
    })
  }

  stop(): void {
    this.#online?.unsubscribe()
    this.#drop()
  }

  async #open(): Promise<void> {
    this.#drop()
    const round = this.#round
    this.#tell('joining')
    try {
      const handle = await this.#options.open((word) => {
        if (round === this.#round) this.#hear(word)
      })
      if (round === this.#round) this.#handle = handle
      else await handle.close()
    } catch {
      // No one is signed in, or there is no network: the state says that nothing is heard, and it is tried again.
      if (round === this.#round) this.#reopen(false)
    }
  }

  #hear(word: ChannelWord): void {
    if (word === 'SUBSCRIBED') {
      this.#subscribed = true
      this.#joinedAt ??= this.#options.ports.now()
    }
    if (word === 'SUBSCRIBED' || word === 'listening' || word === 'missed') {
      // The server may begin to listen before the channel is joined: then all that follows is heard.
      if (this.#subscribed) this.#joined()
    } else if (word === 'CLOSED') this.#reopen(true)
    else if (word === 'deaf') this.#tell('lost')
    else this.#lost()
  }

  #joined(): void {
    this.#cancelTimer()
    this.#state = 'joined'
    this.#options.state('joined')
  }

  #lost(): void {
    this.#subscribed = false
    if (!this.#timer) this.#timer = this.#options.ports.timer(patience, () => void this.#open())
    this.#tell('lost')
  }

  #reopen(renew: boolean): void {
    const { ports } = this.#options
    if (this.#joinedAt !== undefined && ports.now() - this.#joinedAt >= steady) this.#attempt = 0
    this.#drop()
    const delay = backoff(this.#attempt, () => ports.random())
    this.#attempt += 1
    this.#timer = ports.timer(delay, () => void this.#again(renew))
    this.#tell('lost')
  }

  async #again(renew: boolean): Promise<void> {
    const round = this.#round
    // A session that cannot be renewed is found out when the channel is opened.
    if (renew) await this.#options.refresh().catch(() => false)
    if (round === this.#round) await this.#open()
  }

  /** Lets go of the present channel; nothing that it says counts any more. */
  #drop(): void {
    this.#round += 1
    this.#cancelTimer()
    this.#subscribed = false
    this.#joinedAt = undefined
    // A channel that cannot be left properly is gone when its socket closes.
    this.#handle?.close().catch(() => undefined)
    this.#handle = undefined
  }

  #cancelTimer(): void {
    this.#timer?.()
    this.#timer = undefined
  }

  #tell(state: ChannelState): void {
    if (state === this.#state) return
    this.#state = state
    this.#options.state(state)
  }
}
