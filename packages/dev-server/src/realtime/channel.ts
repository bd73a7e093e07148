import type { Claims, Context } from '../context.js'
import { ChangeFeed } from './changeFeed.js'
import type { Room } from './room.js'
import type { Dispatcher } from './dispatcher.js'
import type { Payload } from './frame.js'
import { type ChannelConfig, claimsOf, expiryMessage, isToken, JoinError } from './join.js'
import { permissionsIn } from './admission.js'
import { Rate, type RealtimeLimits } from './limits.js'
import type { Permissions } from './permissions.js'

export interface ChannelOptions {
  readonly context: Context
  readonly dispatcher: Dispatcher
  readonly topic: string
  readonly joinRef: string | null
  readonly config: ChannelConfig
  readonly claims: Claims
  readonly permissions: Permissions
  /** The token that the claims are of. */
  readonly token: string
  readonly limits: RealtimeLimits
  readonly send: (event: string, payload: Payload) => void
  /** Told when the channel has shut itself down. */
  readonly ended: () => void
}

/** The longest time between looks at the clock, in ms: it may be moved. */
const watchEvery = 1_000

/** How long until a table that was not published is looked for again, in ms. */
const retryAfter = 5_000

/**
 * One joined channel of one socket.
 *
 *   joined ── access_token ──► joined, with new claims
 *      ├── changes do not flow ──► joined, and tried again after 5 s when it may pass
 *      └── token expired, phx_leave, socket closed ──► closed
 */
export class Channel {
  readonly topic: string
  readonly joinRef: string | null
  readonly config: ChannelConfig
  readonly send: ChannelOptions['send']
  readonly #options: ChannelOptions
  readonly #feed: ChangeFeed
  readonly #shown: Rate
  #claims: Claims
  #permissions: Permissions
  #token: string
  #expiry: ReturnType<typeof setTimeout> | undefined
  #retrying: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(options: ChannelOptions) {
    const { context, dispatcher, config, send } = options
    this.topic = options.topic
    this.joinRef = options.joinRef
    this.config = config
    this.send = send
    this.#options = options
    this.#claims = options.claims
    this.#permissions = options.permissions
    this.#shown = new Rate(options.limits.presencePer30Seconds, 30_000)
    this.#token = options.token
    this.#feed = new ChangeFeed(context, dispatcher, config.bindings, (ids, data) =>
      send('postgres_changes', { ids, data }),
    )
    this.#watchExpiry()
  }

  /** Where its broadcasts are heard. */
  get room(): Room {
    return { name: this.topic.replace(/^realtime:/, ''), isPrivate: this.config.private }
  }

  /** What its client may do in the room. */
  get permissions(): Permissions {
    return this.#permissions
  }

  /**
   * Subscribes the bindings, and resolves with how to tell of it after the join has been answered.
   * @throws JoinError when they cannot be and the client wants to wait for it
   */
  async open(): Promise<() => void> {
    const trouble = await this.#feed.start(this.#claims)
    if (trouble && this.config.wait)
      throw new JoinError(`RealtimeDisabledForConfiguration: ${trouble.message}`)
    return () => this.#announce(trouble)
  }

  /** Whether it has ended, be it while it was opened. */
  get closed(): boolean {
    return this.#closed
  }

  /** What the answer to a join says of the bindings. */
  get bindings(): readonly object[] {
    return this.#feed.answers
  }

  /** Whether its client may say something new of itself once more. */
  mayShow(): boolean {
    return this.#shown.allows()
  }

  /** Takes a new token; the same one, and a key, change nothing. */
  async renew(token: unknown): Promise<void> {
    if (!isToken(token) || token === this.#token) return
    const { context } = this.#options
    try {
      const claims = await claimsOf(context.tokens, token, context.clock())
      this.#permissions = await permissionsIn(context.pool, this.room, claims)
      this.#claims = claims
      this.#token = token
      this.#watchExpiry()
      await this.#subscribe()
    } catch (error) {
      if (!(error instanceof JoinError)) throw error
      this.shutDown(error.message.replace(/^\w+: /, ''))
    }
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#expiry)
    clearTimeout(this.#retrying)
    this.#feed.stop()
  }

  /** Tells that broadcasts of the database flow, if the client wants to know. */
  tellReady(): void {
    if (this.config.broadcast.tellsReady) this.#tell('system', 'ok', 'Replication connection established')
  }

  async #subscribe(): Promise<void> {
    const trouble = await this.#feed.start(this.#claims)
    this.#announce(trouble)
  }

  #announce(trouble: Awaited<ReturnType<ChangeFeed['start']>>): void {
    if (this.#closed || this.config.bindings.length === 0) return
    const message = trouble?.message ?? 'Subscribed to PostgreSQL'
    this.#tell('postgres_changes', trouble ? 'error' : 'ok', message)
    clearTimeout(this.#retrying)
    if (!trouble?.passing) return
    this.#retrying = setTimeout(() => {
      this.#subscribe().catch((error: unknown) => this.#options.context.log(`Realtime: ${String(error)}`))
    }, retryAfter)
    this.#retrying.unref()
  }

  #watchExpiry(): void {
    clearTimeout(this.#expiry)
    const { exp = Infinity } = this.#claims
    const now = this.#options.context.clock()
    if (exp * 1_000 <= now) return this.shutDown(expiryMessage(exp, now))
    this.#expiry = setTimeout(() => this.#watchExpiry(), Math.min(watchEvery, exp * 1_000 - now))
    this.#expiry.unref()
  }

  /** Ends it with a reason; the client does not join again by itself. */
  shutDown(message: string): void {
    this.#tell('system', 'error', message)
    this.send('phx_close', {})
    this.close()
    this.#options.ended()
  }

  #tell(extension: string, status: 'ok' | 'error', message: string): void {
    this.send('system', { extension, status, message, channel: this.room.name })
  }
}
