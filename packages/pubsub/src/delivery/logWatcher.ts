import { Client } from 'pg'
import { PubsubError, reasonOf } from '../errors.js'
import type { Logger } from '../log.js'
import { coalesce, type Change } from './change.js'
import { readPage, readState, type LogState, type Page } from './readLog.js'
import {
  before,
  covers,
  formatSnapshot,
  includes,
  oldest,
  parseSnapshot,
  union,
  type Snapshot,
} from './snapshot.js'

/** Where an instance stands in the log. */
export interface Position {
  readonly epoch: string
  /** The first transaction that is not delivered for certain: what a client resumes from. */
  readonly seq: string
}

/** What another instance has read; it holds all that was committed in `to` and was not in `from`. */
export interface Batch {
  readonly epoch: string
  readonly from: string
  readonly to: string
  readonly changes: readonly Change[]
}

export interface LogWatcherOptions {
  readonly databaseUrl: string
  readonly log: Logger
  /** How often the log is read without being told, in ms. */
  readonly poll: number
  /** How long a notified batch is waited for before it is read here, in ms; 0 where nobody else reads. */
  readonly grace: () => number
  /** Changes by entity, in the order of their versions, and the position that is reached with them. */
  readonly deliver: (changes: readonly Change[], position: Position) => void
  /** What was read here, for the other instances. */
  readonly share: (batch: Batch) => void
  /** Told when it cannot be known what was missed: all clients have to fetch again. */
  readonly lost: (reason: 'epoch' | 'expired', position: Position) => void
  /** Told of each query for news. */
  readonly queried?: () => void
}

/** How long until a lost connection is made again, in ms. */
const pause = 500
/** How many transactions are read again after a connection was lost: after a crash an id may be given a second time. */
const margin = 1_000n

/**
 * Watches the log on a connection of its own: at once when Postgres notifies, and from time to time in case it did not.
 *
 *   connecting ──► watching ── notified, asked, time ──► reading ──► watching
 *     ▲    └ refused ► pausing        └────── lost ──────► pausing ──► connecting       any ── stop ──► stopped
 */
export class LogWatcher {
  readonly #options: LogWatcherOptions
  #client: Client | undefined
  #epoch = ''
  #snapshot: Snapshot = parseSnapshot('3:3:')
  #reading: Promise<void> | undefined
  #again = false
  #stopped = false
  #graces = new Set<NodeJS.Timeout>()
  #retry: NodeJS.Timeout | undefined
  #poll: NodeJS.Timeout | undefined

  constructor(options: LogWatcherOptions) {
    this.#options = options
  }

  /** Whether it has a connection, so that a change is heard of at once. */
  get running(): boolean {
    return this.#client !== undefined
  }

  get position(): Position {
    return { epoch: this.#epoch, seq: String(oldest(this.#snapshot)) }
  }

  /**
   * Resolves when it watches.
   * @throws PubsubError `database-unreachable`, `migration-missing`
   */
  async start(): Promise<void> {
    const state = await this.#connect()
    this.#epoch = state.epoch
    this.#snapshot = parseSnapshot(state.snapshot)
    this.#poll = setInterval(() => this.read(), this.#options.poll)
  }

  /** Ends the connection once what is being read is delivered. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#poll)
    clearTimeout(this.#retry)
    for (const grace of this.#graces) clearTimeout(grace)
    await this.#reading
    const client = this.#client
    this.#client = undefined
    await client?.end()
  }

  /** Tries to be the one who reads for all; true as long as its connection lives. */
  async lead(): Promise<boolean> {
    const { rows } = (await this.#client?.query<{ leads: boolean }>(
      `select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objid::bigint = $1::int)
         or pg_try_advisory_lock(0, $1::int) as leads`,
      [leaderLock],
    )) ?? { rows: [] }
    return rows[0]?.leads ?? false
  }

  /** Takes what another instance has read, or reads it itself where something lies between. */
  receive({ epoch, from, to, changes }: Batch): void {
    if (this.#stopped) return
    if (epoch !== this.#epoch || !covers(this.#snapshot, parseSnapshot(from))) return this.read()
    this.#snapshot = union(this.#snapshot, parseSnapshot(to))
    if (changes.length > 0) this.#options.deliver(changes, this.position)
  }

  /** Reads all news; while it reads, whoever asks is told in one further turn. */
  read(): void {
    this.#again = true
    if (this.#client === undefined || this.#stopped) return
    this.#reading ??= this.#readAll(this.#client).finally(() => (this.#reading = undefined))
  }

  async #readAll(client: Client): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false
        await this.#readOnce(client)
      }
    } catch (error) {
      this.#again = true
      this.#options.log.warn({ reason: reasonOf(error) }, 'the log could not be read')
      this.#lose(client)
    }
  }

  /** All pages show what the first one saw; the position moves with the last. */
  async #readOnce(client: Client): Promise<void> {
    const from = formatSnapshot(this.#snapshot)
    let page: Page | undefined
    do {
      this.#options.queried?.()
      page = await readPage(client, { since: from, after: page?.next, until: page?.snapshot })
      const last = page.next === undefined
      if (last) this.#snapshot = union(this.#snapshot, parseSnapshot(page.snapshot))
      const changes = coalesce(page.changes)
      if (changes.length === 0) continue
      this.#options.deliver(changes, this.position)
      this.#options.share({ epoch: this.#epoch, from, to: last ? page.snapshot : from, changes })
    } while (page.next !== undefined)
  }

  #hear(xid: string): void {
    const known = () => /^\d+$/.test(xid) && includes(this.#snapshot, BigInt(xid))
    if (known()) return
    const grace = this.#options.grace()
    if (grace === 0) return this.read()
    const timer = setTimeout(() => {
      this.#graces.delete(timer)
      if (!known()) this.read()
    }, grace)
    this.#graces.add(timer)
  }

  async #connect(): Promise<LogState> {
    const { databaseUrl } = this.#options
    const client = new Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
      query_timeout: 30_000,
      application_name: 'tidemark-pubsub-watcher',
    })
    client.on('notification', ({ payload = '' }) => this.#hear(payload))
    client.on('error', () => this.#lose(client))
    client.on('end', () => this.#lose(client))
    try {
      await client.connect().catch((error: unknown) => {
        throw new PubsubError('database-unreachable', reasonOf(error), error)
      })
      await client.query('listen tidemark_pubsub')
      const state = await readState(client).catch((error: unknown) => {
        throw new PubsubError('migration-missing', reasonOf(error), error)
      })
      this.#client = client
      return state
    } catch (error) {
      await client.end().catch(() => undefined) // It may never have been open.
      throw error
    }
  }

  #lose(client: Client): void {
    if (this.#stopped || this.#client !== client) return
    this.#client = undefined
    this.#options.log.warn('the connection that watches the log was lost')
    client.end().catch(() => undefined) // It is lost already.
    this.#reconnect()
  }

  #reconnect(): void {
    this.#retry = setTimeout(() => {
      this.#connect().then(
        (state) => this.#catchUp(state),
        (error: unknown) => {
          this.#options.log.debug({ reason: reasonOf(error) }, 'the database does not answer yet')
          if (!this.#stopped) this.#reconnect()
        },
      )
    }, pause)
  }

  #catchUp({ epoch, snapshot, prunedThrough }: LogState): void {
    if (this.#stopped) return void this.#client?.end()
    const known = epoch === this.#epoch && BigInt(prunedThrough) < oldest(this.#snapshot)
    if (known) {
      this.#snapshot = before(this.#snapshot, margin)
    } else {
      const reason = epoch === this.#epoch ? 'expired' : 'epoch'
      this.#epoch = epoch
      this.#snapshot = parseSnapshot(snapshot)
      this.#options.lost(reason, this.position)
    }
    this.#options.log.info('the log is watched again')
    this.read()
  }
}

/** The advisory lock of the one who reads for all; the number only has to be ours. */
const leaderLock = 846_219_036
