import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { TokenError, type Identity } from '../auth.js'
import type { Configuration } from '../configuration.js'
import { reasonOf } from '../errors.js'
import type { Metrics } from '../metrics.js'
import { Connection } from './connection.js'
import { authenticate, handleMessage, type Desk } from './handleMessage.js'
import { Inbox } from './inbox.js'

export interface ConnectionManagerOptions {
  /** Where it keeps the sockets that are open. */
  readonly connections: Set<Connection>
  readonly desk: Omit<Desk, 'admit'>
  readonly clock: () => number
  readonly configuration: Configuration
  readonly metrics: Pick<Metrics, 'received' | 'closed'>
}

/** How often times are looked after, in ms. */
const tick = 1_000

/** All sockets of this instance. */
export class ConnectionManager {
  readonly #options: ConnectionManagerOptions
  readonly #desk: Desk
  readonly #connections: Set<Connection>
  readonly #perUser = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #unauthenticated = 0

  constructor(options: ConnectionManagerOptions) {
    this.#options = options
    this.#connections = options.connections
    this.#desk = { ...options.desk, admit: (connection, user) => this.#admit(connection, user) }
    this.#timer = setInterval(() => {
      for (const connection of this.#connections) connection.tick()
    }, tick)
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections
  }

  /** How many users have a connection. */
  get users(): number {
    return this.#perUser.size
  }

  /** How many changes wait for sockets that read slowly. */
  get waiting(): number {
    let waiting = 0
    for (const { queue } of this.#connections) waiting += queue.waiting
    return waiting
  }

  /** Whether one more socket is taken. Those that sit there without a token keep out only their like. */
  hasRoom(withToken: boolean): boolean {
    const { PUBSUB_MAX_CONNECTIONS, PUBSUB_MAX_UNAUTHENTICATED } = this.#options.configuration
    if (this.#connections.size >= PUBSUB_MAX_CONNECTIONS) return false
    return withToken || this.#unauthenticated < PUBSUB_MAX_UNAUTHENTICATED
  }

  /**
   * Takes over a socket that is open.
   * @param token where it came with the opening
   */
  accept(socket: WebSocket, stream: Duplex, token?: string): void {
    const { clock, configuration, metrics } = this.#options
    const connection = new Connection({ socket, stream, clock, configuration })
    const inbox = new Inbox(connection, (message) => {
      metrics.received(message.type)
      return handleMessage(this.#desk, connection, message)
    })
    this.#connections.add(connection)
    this.#unauthenticated += 1
    socket.on('pong', () => connection.heard())
    socket.on('error', (error) => this.#desk.log.debug({ reason: error.message }, 'a socket failed'))
    socket.on('close', () => this.#forget(connection))
    const listen = () => socket.on('message', (data, binary) => inbox.receive(data, binary))
    if (token === undefined) listen()
    else void this.#begin(connection, token).then(listen)
  }

  /** Stops looking after times; sockets are closed by then. */
  stop(): void {
    clearInterval(this.#timer)
  }

  async #begin(connection: Connection, token: string): Promise<void> {
    connection.pause() // What comes before the token is checked waits in the system.
    try {
      await authenticate(this.#desk, connection, token)
    } catch (error) {
      if (error instanceof TokenError) connection.close(error.reason, error.message)
      else {
        this.#desk.log.error({ reason: reasonOf(error) }, 'a token could not be checked')
        connection.close('unavailable')
      }
    }
    connection.resume()
  }

  #admit(connection: Connection, { userId }: Identity): boolean {
    const count = this.#perUser.get(userId) ?? 0
    if (count >= this.#options.configuration.PUBSUB_MAX_CONNECTIONS_PER_USER) return false
    this.#unauthenticated -= 1
    this.#perUser.set(userId, count + 1)
    return this.#connections.has(connection)
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection)
    this.#options.metrics.closed(connection.ended())
    const user = connection.knownUser
    if (user === undefined) {
      this.#unauthenticated -= 1
      return
    }
    const count = (this.#perUser.get(user.userId) ?? 1) - 1
    if (count === 0) this.#perUser.delete(user.userId)
    else this.#perUser.set(user.userId, count)
    void this.#desk.subscriptions.unsubscribeAll(connection)
  }
}
