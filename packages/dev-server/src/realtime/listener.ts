import { Client } from 'pg'
import { notifications } from './capture.js'

/** How long until a lost connection is made again, in ms. */
const pause = 500

export interface ListenerOptions {
  readonly databaseUrl: string
  /** Told of each notification, and with '' after each reconnect: something may have been missed. */
  readonly hear: (payload: string) => void
  readonly log: (message: string) => void
}

/**
 * A connection of its own that listens.
 *
 *   connecting ──► listening ── lost ──► pausing ──► connecting
 *        └── refused ──► pausing             any ── close ──► closed
 */
export class Listener {
  readonly #options: ListenerOptions
  #client: Client | undefined
  #pausing: ReturnType<typeof setTimeout> | undefined
  #closed = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** Resolves when it listens. Rejects when the database refuses the first connection. */
  async start(): Promise<void> {
    const { databaseUrl, hear } = this.#options
    const client = new Client({ connectionString: databaseUrl, keepAlive: true })
    client.on('notification', ({ payload = '' }) => hear(payload))
    client.on('error', () => this.#lose(client))
    client.on('end', () => this.#lose(client))
    this.#client = client
    try {
      await client.connect()
      await client.query(`listen ${notifications}`)
    } catch (error) {
      this.#client = undefined
      await client.end().catch(() => undefined) // It may never have been open.
      throw error
    }
  }

  /** Ends the connection until it is started again. */
  async pause(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    clearTimeout(this.#pausing)
    await client?.end()
  }

  /** Ends the connection, and makes no other one. */
  async close(): Promise<void> {
    this.#closed = true
    await this.pause()
  }

  #lose(client: Client): void {
    if (this.#closed || this.#client !== client) return
    this.#client = undefined
    this.#options.log('Realtime has lost its database connection and makes a new one.')
    client.end().catch(() => undefined) // It is lost already.
    this.#retry()
  }

  #retry(): void {
    if (this.#closed) return
    this.#pausing = setTimeout(() => {
      this.start().then(
        () => this.#options.hear(''),
        () => this.#retry(),
      )
    }, pause)
    this.#pausing.unref()
  }
}
