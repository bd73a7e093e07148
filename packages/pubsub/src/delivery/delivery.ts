import type { Configuration } from '../configuration.js'
import type { ServerMessage } from '@tidemark/core/pubsub'
import { reasonOf } from '../errors.js'
import type { Logger } from '../log.js'
import type { Metrics } from '../metrics.js'
import type { SubscriptionIndex } from '../subscriptions/subscriptionIndex.js'
import type { Change } from './change.js'
import { deliver, type Receiver } from './deliver.js'
import { LogWatcher, type Position } from './logWatcher.js'
import { connectNats, type Nats } from './nats.js'

export interface DeliveryOptions<Who extends Receiver> {
  readonly configuration: Configuration
  readonly log: Logger
  readonly metrics: Metrics
  readonly index: SubscriptionIndex<Who>
  /** All who are told when it cannot be known what was missed. */
  readonly connections: Iterable<Receiver>
}

/** How long a batch of another instance is waited for before the log is read here, in ms. */
const grace = 250
/** How often an instance tries to be the one who reads for all, in ms. */
const leadEvery = 2_000

/**
 * Brings what is committed to who subscribed to it. Without NATS each instance reads the log; with it one does, and the
 * others do where it fails.
 */
export class Delivery<Who extends Receiver> {
  readonly #options: DeliveryOptions<Who>
  readonly #watcher: LogWatcher
  #nats: Nats | undefined
  #leads = false
  #leading: NodeJS.Timeout | undefined

  constructor(options: DeliveryOptions<Who>) {
    const { configuration, log, metrics } = options
    this.#options = options
    this.#watcher = new LogWatcher({
      databaseUrl: configuration.DATABASE_URL,
      log,
      poll: configuration.PUBSUB_POLL_SECONDS * 1_000,
      grace: () => (this.#nats?.connected === true && !this.#leads ? grace : 0),
      deliver: (changes, position) => this.#deliver(changes, position),
      share: (batch) => {
        if (this.#leads) this.#nats?.publish(batch)
      },
      lost: (reason, position) => this.#lose(reason, position),
      queried: () => metrics.queried(),
    })
  }

  /** Whether a change is heard of at once. */
  get watching(): boolean {
    return this.#watcher.running
  }

  get position(): Position {
    return this.#watcher.position
  }

  /** @throws PubsubError `database-unreachable`, `migration-missing` */
  async start(): Promise<void> {
    await this.#watcher.start()
    const { configuration, log } = this.#options
    const { PUBSUB_NATS_URL: url, PUBSUB_NATS_SUBJECT: subject } = configuration
    if (url === undefined) return
    this.#nats = connectNats({ url, subject, log, receive: (batch) => this.#watcher.receive(batch) })
    await this.#lead()
    this.#leading = setInterval(() => void this.#lead(), leadEvery)
  }

  async stop(): Promise<void> {
    clearInterval(this.#leading)
    await this.#nats?.close()
    await this.#watcher.stop()
  }

  #deliver(changes: readonly Change[], position: Position): void {
    const begun = performance.now()
    const told = deliver(this.#options.index, changes, position)
    this.#options.metrics.delivered(changes.length, told, (performance.now() - begun) / 1_000)
  }

  #lose(reason: 'epoch' | 'expired', position: Position): void {
    const message: ServerMessage = { type: 'REFETCH', payload: { reason, ...position } }
    for (const { queue } of this.#options.connections) queue.send(message)
  }

  async #lead(): Promise<void> {
    this.#leads = await this.#watcher.lead().catch((error: unknown) => {
      this.#options.log.warn({ reason: reasonOf(error) }, 'the lead could not be asked for')
      return false
    })
  }
}
