import { skip } from 'rxjs'
import { StorageError, toErrorRecord } from './base/errors.js'
import type { Ports, Stop } from './base/ports.js'
import { GroupWriter } from './mutations/group.js'
import type { WriteContext } from './mutations/prepare.js'
import { Writer } from './mutations/writer.js'
import type { Remote, Thoroughness } from './remote/protocol.js'
import type { Table } from './schema/table.js'
import { Database } from './store/database.js'
import { databaseName } from './store/name.js'
import { Store } from './store/store.js'
import { ViewPool } from './streams/viewPool.js'
import { Leader } from './sync/leader.js'
import { RoomMaker } from './sync/roomMaker.js'
import type { SyncOptions } from './sync/engine.js'
import type { Status } from './sync/status.js'

export interface SessionOptions {
  readonly name: string
  readonly version: number
  readonly tables: readonly Table[]
  readonly remote: Remote
  readonly ports: Ports
  readonly sync: SyncOptions
  readonly userId: string
  readonly changed: () => void
  /** An older version of the app holds the database open: this one waits for it. */
  readonly blocked: () => void
}

/** Everything that lives from `start` to `stop` for one user: the database, its views, its writers and its leader. */
export class Session {
  readonly userId: string
  readonly store: Store
  readonly pool: ViewPool
  readonly writer: Writer
  readonly #options: SessionOptions
  readonly #leader: Leader
  readonly context: WriteContext
  readonly #stops: Stop[] = []
  readonly #room: RoomMaker
  #persisted: boolean | undefined
  #failure: Status | undefined
  #asked = false

  private constructor(options: SessionOptions, name: string) {
    const { ports, tables, userId } = options
    this.#options = options
    this.userId = userId
    const events = {
      blocked: options.blocked,
      superseded: () => this.#storageFailed(new StorageError('storage-superseded')),
    }
    const database = new Database(name, options.version, tables, events, ports.indexedDB)
    this.store = new Store(database, tables, ports.tabs(name))
    this.#room = new RoomMaker({
      ...options,
      name,
      store: this.store,
      need: (table, range) => this.#leader.need(table, range),
    })
    this.store.makeRoom = () => this.#room.make()
    this.pool = new ViewPool(this.store, ports, userId, this.#room)
    const tab = ports.uuid()
    let count = 0
    this.context = {
      userId,
      ports,
      mutationId: () => `${tab}:${(count += 1)}`,
    }
    this.writer = new Writer(this.store, this.context)
    const failed = (error: unknown): void => this.#storageFailed(error)
    this.#leader = new Leader({
      ...options,
      name,
      store: this.store,
      failed,
      needAll: () => this.#room.needAll(),
    })
    const recovered = (): void => this.#fail(undefined)
    this.#stops.push(this.store.listen({ outbox: () => this.#outboxChanged(), failed, recovered }))
  }

  /** Opens the user's database. Resolves when rows can be read; synchronising goes on behind. */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(
      options,
      await databaseName(options.ports, options.name, options.remote.id, options.userId),
    )
    try {
      await session.store.open()
    } catch (error) {
      await session.stop()
      throw error
    }
    session.#leader.stand()
    session.#stops.push(session.#watchPage())
    return session
  }

  get status(): Status {
    if (this.#failure) return this.#failure
    const { overlay, parked, quarantined } = this.store
    const { state, realtime, modes } = this.#leader.led
    return {
      ...state,
      pending: overlay.size,
      parked: parked.length,
      quarantined,
      leader: this.#leader.leading,
      realtime,
      modes,
      pruned: this.#room.gone,
      persisted: this.#persisted,
    }
  }

  group(): GroupWriter {
    return new GroupWriter(this.store, this.context)
  }

  sync(thoroughness: Thoroughness): void {
    this.#leader.sync(thoroughness)
  }

  /** Stops everything and closes the database; `destroy` deletes it with all that is in it. */
  async stop(destroy = false): Promise<void> {
    for (const stop of this.#stops) stop()
    this.#leader.stop()
    this.#room.close()
    this.pool.stop()
    if (destroy) await this.store.destroy()
    else this.store.close()
  }

  #watchPage(): Stop {
    const { visible$, active$ } = this.#options.ports
    // A tab that was hidden may have been frozen, and news of other tabs lost. A failure is told by the store's listeners.
    const refresh = (): void => void this.store.refresh().catch(() => undefined)
    const subscription = visible$.pipe(skip(1)).subscribe((visible) => visible && refresh())
    subscription.add(
      active$?.pipe(skip(1)).subscribe((active) => {
        if (active) {
          refresh()
          this.#leader.stand()
        } else {
          // Locks and handles would keep a page that sleeps out of the back/forward cache, and another tab from leading.
          this.#leader.leave()
          this.store.rest()
        }
      }),
    )
    return () => subscription.unsubscribe()
  }

  #outboxChanged(): void {
    const { ports, changed } = this.#options
    if (!this.#asked && this.store.overlay.size > 0) {
      this.#asked = true
      // Without the browser's promise it may evict the database: an app may warn of that.
      const answer = ports.persist().catch(() => false)
      void answer.then((persisted) => {
        this.#persisted = persisted
        changed()
      })
    }
    changed()
  }

  #storageFailed(error: unknown): void {
    this.#fail({ name: 'storage-failed', error: toErrorRecord(error, 'storage-failed') })
  }

  #fail(status: Status | undefined): void {
    this.#failure = status
    this.#options.changed()
  }
}
