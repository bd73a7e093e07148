import type { Subscription } from 'rxjs'
import type { Ports, Stop } from '../base/ports.js'
import { backoff } from '../remote/backoff.js'
import type { FeedState } from './feed.js'
import type { Outlets } from './outlets.js'
import { closeCodes, type ClientMessage, type ServerMessage } from './pubsubProtocol.js'
import { PubsubSocket, type MakeSocket } from './pubsubSocket.js'

export interface PubsubLinkOptions {
  readonly url: string
  /** The user's token; `undefined` when no one is signed in. Asked for at each connection, and before a token expires. */
  readonly token: () => Promise<string | undefined> | string | undefined
  readonly makeSocket: MakeSocket
  readonly ports: Pick<Ports, 'random' | 'timer' | 'online$'>
  /** Milliseconds between polls. */
  readonly pollEvery: number
  readonly outlets: Outlets
  /** Called with what the server says, `CONNECTED` first. */
  readonly hear: (message: ServerMessage) => void
}

/** After so many tries without a steady connection it is polled. */
const tries = 10
/** A connection that has lasted for so many ms was well: the next one need not wait long. */
const steady = 30_000

/**
 * Keeps a connection to the service until it is stopped.
 *
 *   stopped ── start ──► connecting ── CONNECTED ──► open ── GOAWAY ──► connecting, after the time it names
 *                         ▲  │  ▲                      │
 *                 backoff │  │  │ each poll            │ closed, or silent
 *                         │  ▼  │                      ▼
 *                         lost ◄┼──────────────────────┘
 *                          └─ 10 tries ─► polling           the network is back: tries begin again
 *
 *   4001, 4002, no token: needs-sign-in, until it is started again with another token
 */
export class PubsubLink {
  readonly #options: PubsubLinkOptions
  /** Counts the connections; what an earlier one brings is not heard any more. */
  #round = 0
  #attempt = 0
  #running = false
  /** Runs out when the present connection has been well for long enough. */
  #steady: Stop | undefined
  #socket: PubsubSocket | undefined
  #timer: Stop | undefined
  #online: Subscription | undefined
  #token: string | undefined
  #refused: string | undefined

  constructor(options: PubsubLinkOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    this.#attempt = 0
    void this.#connect()
    this.#online = this.#options.ports.online$.subscribe((online) => {
      const { name } = this.#options.outlets.state
      if (!online || (name !== 'lost' && name !== 'polling')) return
      this.#attempt = 0
      void this.#connect()
    })
  }

  stop(): void {
    this.#running = false
    this.#online?.unsubscribe()
    this.#drop()
    this.#tell({ name: 'idle' })
  }

  send(message: ClientMessage): void {
    this.#socket?.send(message)
  }

  async #connect(): Promise<void> {
    this.#drop()
    const round = this.#round
    if (this.#attempt < tries) this.#tell({ name: 'connecting' })
    const asked = await this.#askToken()
    if (round !== this.#round) return
    if (!asked) return this.#lost()
    const { token } = asked
    if (token === undefined || token === this.#refused) return this.#signIn('No one is signed in.')
    this.#token = token
    this.#socket = this.#open(token)
  }

  /** A token that no socket can carry, or an address that is none, is told, and not tried again before somebody signs in. */
  #open(token: string): PubsubSocket | undefined {
    const { url, makeSocket, ports, outlets } = this.#options
    try {
      return new PubsubSocket({
        url,
        token,
        makeSocket,
        ports,
        hear: (message) => this.#hear(message),
        problem: (problem) => outlets.problem.next(problem),
        gone: (code) => this.#gone(code),
      })
    } catch (error) {
      this.#signIn(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  /** A token that cannot be had for want of a network, say, is asked for again. */
  async #askToken(): Promise<{ readonly token: string | undefined } | undefined> {
    try {
      return { token: await this.#options.token() }
    } catch {
      return undefined
    }
  }

  #hear(message: ServerMessage): void {
    if (message.type === 'CONNECTED') {
      this.#steady = this.#options.ports.timer(steady, () => (this.#attempt = 0))
      this.#tell({ name: 'open' })
    } else if (message.type === 'TOKEN_EXPIRING_SOON') void this.#renew(message.payload.expiresIn)
    else if (message.type === 'GOAWAY') return this.#again(message.payload.reconnectIn)
    this.#options.hear(message)
  }

  /** @param expiresIn seconds that the present token still holds */
  async #renew(expiresIn: number): Promise<void> {
    const round = this.#round
    const token = (await this.#askToken())?.token
    if (round !== this.#round) return
    if (token !== undefined && token !== this.#token) {
      this.#token = token
      return this.send({ type: 'TOKEN_REFRESH', payload: { token } })
    }
    const message = `The token expires in ${expiresIn} s, and there is no new one. Sign in again.`
    this.#options.outlets.problem.next({ message, value: undefined })
    const left = Math.floor(expiresIn / 2)
    if (left >= 1) this.#timer = this.#options.ports.timer(left * 1_000, () => void this.#renew(left))
  }

  #gone(code: number): void {
    if (code !== closeCodes.unauthorized && code !== closeCodes.expired) return this.#lost()
    this.#refused = this.#token
    this.#signIn(code === closeCodes.expired ? 'The token has expired.' : 'The token was refused.')
  }

  #lost(): void {
    const { ports, outlets, pollEvery } = this.#options
    if (this.#attempt < tries) {
      this.#tell({ name: 'lost' })
      this.#again(backoff(this.#attempt, () => ports.random()))
    } else {
      this.#tell({ name: 'polling' })
      outlets.missed.next(undefined)
      this.#again(pollEvery)
    }
    this.#attempt += 1
  }

  /** @param delay ms */
  #again(delay: number): void {
    this.#drop()
    this.#timer = this.#options.ports.timer(delay, () => void this.#connect())
  }

  #signIn(reason: string): void {
    this.#drop()
    this.#tell({ name: 'needs-sign-in', reason })
  }

  #drop(): void {
    this.#round += 1
    this.#timer?.()
    this.#timer = undefined
    this.#steady?.()
    this.#socket?.close()
    this.#socket = undefined
  }

  #tell(state: FeedState): void {
    this.#options.outlets.state = state
  }
}
