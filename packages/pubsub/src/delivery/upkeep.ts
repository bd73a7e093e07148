import type { Pool } from 'pg'
import { reasonOf } from '../errors.js'
import type { Logger } from '../log.js'

export interface UpkeepOptions {
  readonly pool: Pool
  readonly instance: string
  readonly log: Logger
  /** The first transaction that this instance has not delivered for certain. */
  readonly position: () => string
  /** How often the log is swept, in ms. */
  readonly sweepEvery: number
  readonly retentionHours: number
  /** Told when the database did not know this instance: its subscriptions are not there. */
  readonly forgotten: () => Promise<void>
}

/** How often an instance says that it lives, in ms, and after how many seconds it does not. */
const beatEvery = 15_000
const deadAfter = 60
/** How many rows a sweep marks or removes when there are more. */
const sweepSize = 10_000

/** Says that the instance lives, and keeps the log short. What fails is done again the next time. */
export class Upkeep {
  readonly #options: UpkeepOptions
  #timers: NodeJS.Timeout[] = []
  #running: Promise<void> = Promise.resolve()

  constructor(options: UpkeepOptions) {
    this.#options = options
  }

  /** Registers the instance; from then on it is looked after. */
  async start(): Promise<void> {
    await this.#beat()
    const later = (work: () => Promise<void>) => () => {
      this.#running = this.#running.then(work).catch((error: unknown) => {
        this.#options.log.warn({ reason: reasonOf(error) }, 'the upkeep of the log failed')
      })
    }
    this.#timers = [
      setInterval(
        later(() => this.beat()),
        beatEvery,
      ),
      setInterval(
        later(() => this.sweep()),
        this.#options.sweepEvery,
      ),
    ]
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#running
  }

  /** Says that the instance lives and how far it is. */
  async beat(): Promise<void> {
    const known = await this.#beat()
    if (!known) await this.#options.forgotten()
  }

  /** Marks what all instances have delivered, and removes what is old, until there is nothing left to do. */
  async sweep(): Promise<void> {
    const { pool, retentionHours, log } = this.#options
    let more = true
    while (more) {
      const { rows } = await pool.query<{ marked: string; removed: string }>(
        'select * from app.pubsub_sweep(make_interval(secs => $1), make_interval(hours => $2))',
        [deadAfter, retentionHours],
      )
      log.debug({ ...rows[0] }, 'the log was swept')
      more = Number(rows[0]?.marked) + Number(rows[0]?.removed) >= sweepSize
    }
  }

  async #beat(): Promise<boolean> {
    const { pool, instance, position } = this.#options
    const { rows } = await pool.query<{ known: boolean }>('select app.pubsub_beat($1, $2::xid8) as known', [
      instance,
      position(),
    ])
    return rows[0]?.known ?? false
  }
}
