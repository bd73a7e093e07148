import { closeCodes } from '@tidemark/core/pubsub'
import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Identity } from '../auth.js'
import type { Configuration } from '../configuration.js'
import { SendQueue } from './sendQueue.js'
import { TokenBucket } from './tokenBucket.js'

export type CloseReason = keyof typeof closeCodes

export interface ConnectionOptions {
  readonly socket: WebSocket
  readonly stream: Duplex
  /** Milliseconds since the epoch: when tokens expire. All else is measured by a clock that nobody sets. */
  readonly clock: () => number
  readonly configuration: Configuration
}

/** Times in milliseconds, sizes in bytes. */
export const limits = {
  /** Until the token must have come. */
  authentication: 5_000,
  /** How long before the token expires its client is told. */
  warning: 300_000,
  /** How long a socket that is being closed may take to say so. */
  closing: 5_000,
  /** What may wait for a socket that reads slowly. */
  queue: 1_048_576,
  /** The largest frame that is read. */
  frame: 65_536,
} as const

/** How many heartbeats a socket may be silent. */
const patience = 2.5

type State =
  | { readonly name: 'unauthenticated' }
  | { readonly name: 'authenticated'; readonly user: Identity; readonly warned: boolean }
  | { readonly name: 'closed'; readonly user: Identity | undefined; readonly code: number }

/**
 * One socket and whose it is.
 *
 *   unauthenticated ── token holds ──► authenticated ── token holds, same subject ──► authenticated
 *         └── none in time, refused ──► closed ◄── expired, slow, silent, limits, gone ──┘
 */
export class Connection {
  readonly id: string = randomUUID()
  readonly queue: SendQueue
  readonly bucket: TokenBucket
  readonly #socket: WebSocket
  readonly #clock: () => number
  readonly #since: number
  /** How often the socket is asked whether it lives, in ms. */
  readonly #heartbeat: number
  #state: State = { name: 'unauthenticated' }
  #heardAt: number
  #askedAt: number

  constructor({ socket, stream, clock, configuration }: ConnectionOptions) {
    this.#socket = socket
    this.#clock = clock
    this.#since = this.#heardAt = this.#askedAt = performance.now()
    this.queue = new SendQueue(socket, stream, limits.queue, () => this.close('slow'))
    this.#heartbeat = configuration.PUBSUB_HEARTBEAT_SECONDS * 1_000
    const messagesPerSecond = configuration.PUBSUB_MESSAGES_PER_SECOND
    this.bucket = new TokenBucket(messagesPerSecond, messagesPerSecond * 5, this.#since)
  }

  get open(): boolean {
    return this.#state.name !== 'closed'
  }

  get authenticated(): boolean {
    return this.#state.name === 'authenticated'
  }

  /** Whose it is, after closing too. */
  get knownUser(): Identity | undefined {
    return this.#state.name === 'unauthenticated' ? undefined : this.#state.user
  }

  /** Whose it is. @throws Error before it is authenticated */
  get user(): Identity {
    const user = this.knownUser
    if (user === undefined) throw new Error('The connection is not authenticated.')
    return user
  }

  /** Seconds until the token expires. */
  get expiresIn(): number {
    return Math.max(0, Math.floor(this.user.expiresAt - this.#clock() / 1_000))
  }

  authenticate(user: Identity): void {
    if (this.open) this.#state = { name: 'authenticated', user, warned: false }
  }

  /** Notes a sign of life. */
  heard(): void {
    this.#heardAt = performance.now()
  }

  /** Says goodbye, and hangs up when the other end does not. */
  close(reason: CloseReason, message = ''): void {
    if (!this.open) return
    this.#state = { name: 'closed', user: this.knownUser, code: closeCodes[reason] }
    this.#socket.close(closeCodes[reason], message)
    this.#socket.resume() // A paused socket would never hear the other end's goodbye.
    setTimeout(() => this.#socket.terminate(), limits.closing).unref()
  }

  /** Notes that the socket is no more, and gives the code with which it was closed here; 0 where the other end went. */
  ended(): number {
    if (this.#state.name !== 'closed') this.#state = { name: 'closed', user: this.knownUser, code: 0 }
    return this.#state.code
  }

  pause(): void {
    if (this.open) this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Looks after times; called about once a second. */
  tick(): void {
    const now = performance.now()
    if (this.#state.name === 'unauthenticated') {
      if (now - this.#since >= limits.authentication) this.close('authTimeout', 'No token came in time.')
      return
    }
    this.#checkToken()
    this.#checkLife(now)
  }

  #checkToken(): void {
    if (this.#state.name !== 'authenticated') return
    const { user, warned } = this.#state
    const left = user.expiresAt * 1_000 - this.#clock()
    if (left <= 0) return this.close('expired', 'The token has expired.')
    if (warned || left > limits.warning) return
    this.#state = { ...this.#state, warned: true }
    this.queue.send({ type: 'TOKEN_EXPIRING_SOON', payload: { expiresIn: this.expiresIn } })
  }

  #checkLife(now: number): void {
    if (now - this.#heardAt >= this.#heartbeat * patience) {
      this.#socket.terminate()
    } else if (now - this.#askedAt >= this.#heartbeat) {
      this.#askedAt = now
      if (this.open) this.#socket.ping()
    }
  }
}
