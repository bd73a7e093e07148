import { BehaviorSubject } from 'rxjs'
import { browserPorts } from './base/browserPorts.js'
import { TidemarkError, toErrorRecord } from './base/errors.js'
import { inOrder } from './base/inOrder.js'
import type { Ports } from './base/ports.js'
import { viewApi, type JoinDefinition, type ViewApi } from './joinApi.js'
import { discardParked, editParked, retryParked, type Outbox } from './outboxApi.js'
import type { Mutation, Parked } from './outbox/mutation.js'
import type { Remote } from './remote/protocol.js'
import type { AnyTable, Schema, Tables } from './schema/defineSchema.js'
import type { Table } from './schema/table.js'
import { Session } from './session.js'
import { Lazy } from './streams/lazy.js'
import { Stream, streamOf } from './streams/stream.js'
import type { ViewPool } from './streams/viewPool.js'
import type { SyncOptions } from './sync/engine.js'
import type { Status } from './sync/status.js'
import { tableApi, tableWriter, type TableApi, type TableWriter } from './tableApi.js'

export interface TidemarkOptions<T extends Tables> {
  /** Names the app; part of the local database's name. */
  readonly name: string
  readonly schema: Schema<T>
  readonly remote: Remote
  /** Times of the synchronisation. */
  readonly sync?: SyncOptions
  /** The surroundings; left out: the browser's own. */
  readonly ports?: Ports
}

export type TableApis<T extends Tables> = { readonly [N in keyof T]: TableApi<T[N]> }
export type TableWriters<T extends Tables> = { readonly [N in keyof T]: TableWriter<T[N]> }

/** What to do with writes that were not sent yet. */
export type PendingChoice = 'flush' | 'keep' | 'discard'

/** An app's Tidemark: tables to read and write, and their synchronisation. */
export interface Tidemark<T extends Tables = Tables> {
  readonly tables: TableApis<T>
  readonly status$: Stream<Status>
  readonly outbox: Outbox
  /** The signed-in user's id; `undefined` when stopped. */
  readonly userId: string | undefined
  /**
   * Opens the user's local database. Resolves when its rows can be read; synchronising goes on behind.
   * Starting again for the same user does nothing; for another user it stops first.
   *
   * @throws StorageError when the database cannot be opened; `status$` says so as well.
   */
  start(userId: string): Promise<void>
  /** Stops synchronising and closes the database; everything stays on the device. */
  stop(): Promise<void>
  /**
   * Stops, and removes the user's rows from the device. `flush` (the default) sends what is pending first; `keep` leaves
   * database and outbox for the next sign-in; `discard` deletes them.
   *
   * @throws TidemarkError `pending-left` when `flush` could not send everything within 30 s; nothing is stopped then.
   */
  signOut(options?: { pending?: PendingChoice }): Promise<void>
  /**
   * Writes to several tables as one atomic group: visible together when `work` ends, sent together, refused together.
   * When `work` throws, nothing of it happens. Resolves with the result of `work` when the group is durable.
   */
  write<R>(work: (tx: { readonly tables: TableWriters<T> }) => Promise<R> | R): Promise<R>
  /** The streams of a declared join. */
  view<J extends AnyTable, Result>(definition: JoinDefinition<J, Result>): ViewApi<J, Result>
  /** Pushes and pulls now, and compares keys with the server. */
  sync(): void
}

/** How long `signOut` tries to send what is pending, in ms. */
const flushTime = 30_000

/**
 * Makes an app's Tidemark. Nothing is opened and nothing is asked of the network before `start`, so it may be made on a
 * server too.
 *
 * @example
 * const tide = createTidemark({ name: 'calendar', schema, remote: supabaseRemote(supabase) })
 * await tide.start(userId)
 */
export function createTidemark<const T extends Tables>(options: TidemarkOptions<T>): Tidemark<T> {
  return new Client(options) as unknown as Tidemark<T>
}

class Client {
  readonly tables: Readonly<Record<string, TableApi<Table>>>
  readonly status$: Stream<Status>
  readonly outbox: Outbox
  readonly #options: TidemarkOptions<Tables>
  readonly #tables: readonly (readonly [string, Table])[]
  readonly #pools = new BehaviorSubject<ViewPool | undefined>(undefined)
  readonly #status = new BehaviorSubject<Status>({ name: 'stopped' })
  readonly #pending = new Lazy<readonly Mutation[]>(() => this.#session?.store.overlay.mutations() ?? [])
  readonly #parked = new BehaviorSubject<readonly Parked[]>([])
  #session: Session | undefined
  /** Starts and stops are worked off one after the other. */
  readonly #inOrder = inOrder()
  #telling = false

  constructor(options: TidemarkOptions<Tables>) {
    this.#options = options
    this.#tables = Object.entries(options.schema.tables) as unknown as readonly (readonly [string, Table])[]
    const session = (): Session => this.#mustSession()
    this.tables = Object.fromEntries(
      this.#tables.map(([name, table]) => [name, tableApi(table, this.#pools, session)]),
    )
    this.status$ = streamOf(this.#status)
    this.outbox = {
      pending$: new Stream(this.#pending),
      parked$: streamOf(this.#parked),
      retry: async (id) => retryParked(this.#mustSession(), id),
      edit: async (id, patch) => editParked(this.#mustSession(), id, patch),
      discard: async (id) => discardParked(this.#mustSession(), id),
    }
  }

  get userId(): string | undefined {
    return this.#session?.userId
  }

  start(userId: string): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#session?.userId === userId) return
      await this.#close(false)
      this.#status.next({ name: 'starting' })
      try {
        await this.#open(userId)
      } catch (error) {
        this.#status.next({ name: 'storage-failed', error: toErrorRecord(error, 'storage-failed') })
        throw error
      }
    })
  }

  stop(): Promise<void> {
    return this.#inOrder(() => this.#close(false))
  }

  async signOut({ pending = 'flush' }: { pending?: PendingChoice } = {}): Promise<void> {
    if (pending === 'flush') await this.#flush()
    await this.#inOrder(() => this.#close(pending !== 'keep'))
  }

  async write<R>(work: (tx: { tables: Record<string, TableWriter<Table>> }) => Promise<R> | R): Promise<R> {
    const group = this.#mustSession().group()
    const tables = Object.fromEntries(
      this.#tables.map(([name, table]) => [name, tableWriter(table, () => group)]),
    )
    const result = await work({ tables })
    await group.commit()
    return result
  }

  view<J extends AnyTable, Result>(definition: JoinDefinition<J, Result>): ViewApi<J, Result> {
    return viewApi(definition, this.#pools)
  }

  sync(): void {
    this.#mustSession().sync(2)
  }

  async #open(userId: string): Promise<void> {
    const { name, schema, remote, sync = {}, ports = browserPorts } = this.#options
    const tables = this.#tables.map(([, table]) => table)
    const session = await Session.open({
      name,
      version: schema.version,
      tables,
      remote,
      ports,
      sync,
      userId,
      changed: () => this.#changed(),
      blocked: () => this.#status.next({ name: 'storage-blocked' }),
    })
    this.#session = session
    this.#pools.next(session.pool)
    this.#changed()
  }

  async #close(destroy: boolean): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#pools.next(undefined)
    await session?.stop(destroy)
    this.#changed()
  }

  async #flush(): Promise<void> {
    const session = this.#mustSession()
    const left = (): number => session.store.overlay.size + session.store.parked.length
    if (left() === 0) return
    session.sync(0)
    const emptied = new Promise<boolean>((resolve) => {
      const { ports = browserPorts } = this.#options
      const finish = (empty: boolean): void => {
        stopTimer()
        stopListening()
        resolve(empty)
      }
      const stopTimer = ports.timer(flushTime, () => finish(false))
      const stopListening = session.store.listen({ outbox: () => left() === 0 && finish(true) })
    })
    if (!(await emptied)) throw new TidemarkError('pending-left')
  }

  /** Tells once a turn; what is pending is listed only for those who ask, so that a write costs the same however much waits. */
  #changed(): void {
    this.#pending.forget()
    if (this.#telling) return
    this.#telling = true
    queueMicrotask(() => {
      this.#telling = false
      this.#pending.tell()
      this.#parked.next(this.#session?.store.parked ?? [])
      this.#status.next(this.#session?.status ?? { name: 'stopped' })
    })
  }

  #mustSession(): Session {
    if (!this.#session) throw new TidemarkError('not-started')
    return this.#session
  }
}
