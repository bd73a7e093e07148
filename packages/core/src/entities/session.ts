import type { Ports, Stop, TabChannel } from '../base/ports.js'
import { databaseName } from '../store/name.js'
import type { Records, RecordStore } from '../store/record.js'
import { openRecords } from '../store/records.js'
import type { CachedRecord, Stored } from './origin.js'

/** How long records that nothing asks for are kept, in ms: 30 days. */
const maxAge = 30 * 24 * 3_600_000

export interface SessionOptions {
  readonly name: string
  /** Names the server. */
  readonly server: string
  readonly userId: string
  readonly ports: Ports
  readonly report: (error: unknown) => void
}

/** A record that another tab has stored. */
export interface RecordNews {
  readonly store: RecordStore
  readonly id: string
}

/** Everything of one signed-in user: the records and the other tabs that share them (R7: no other user's). */
export class EntitySession {
  readonly userId: string
  readonly records: Records
  readonly #tabs: TabChannel
  readonly #report: (error: unknown) => void

  /** Opens the user's records; those that are old are removed behind that. */
  static async open({ name, server, userId, ports, report }: SessionOptions): Promise<EntitySession> {
    const database = await databaseName(ports, `${name}:entities`, server, userId)
    const records = await openRecords(database, ports, report)
    const session = new EntitySession(userId, records, ports.tabs(database), report)
    for (const store of ['entities', 'lists'] as const)
      records.expire(store, ports.now() - maxAge).catch(report)
    return session
  }

  private constructor(userId: string, records: Records, tabs: TabChannel, report: (error: unknown) => void) {
    this.userId = userId
    this.records = records
    this.#tabs = tabs
    this.#report = report
  }

  /** Stores what the server said, unless another tab knows better already. */
  store({ store, id, isOlder }: Stored, record: CachedRecord): void {
    this.#update(store, id, (known) => (known && isOlder?.(record.data, known.data) ? known : record))
  }

  /** An entity that nobody shows is gone: what is stored of it gets a soft mark. */
  mark(id: string, at: number): void {
    this.#update('entities', id, (known) => known && { ...known, at, removed: true })
  }

  /** Tells the other tabs of a record. */
  tell(news: RecordNews): void {
    this.#tabs.post(news)
  }

  /** Hears of the records that other tabs store. */
  listen(heard: (news: RecordNews) => void): Stop {
    return this.#tabs.listen((message) => heard(message as RecordNews))
  }

  #update(
    store: RecordStore,
    id: string,
    change: (known: CachedRecord | undefined) => CachedRecord | undefined,
  ): void {
    this.records
      .update(store, id, (known) => change(known as CachedRecord | undefined))
      .then(() => this.tell({ store, id }))
      .catch(this.#report)
  }

  close(): void {
    this.#tabs.close()
    this.records.close()
  }
}
