import type { Query, QueryCacheNotifyEvent, QueryClient, QueryKey } from '@tanstack/query-core'
import { filter, ReplaySubject, Subscription, type Observable } from 'rxjs'
import { browserPorts } from '../base/browserPorts.js'
import { inOrder } from '../base/inOrder.js'
import type { Ports, Stop } from '../base/ports.js'
import { databaseName } from '../store/name.js'
import {
  noQueryRecords,
  type QueryRecord,
  type QueryRecordChange,
  type QueryRecords,
} from '../store/queryRecords.js'
import { findQuery } from './findQuery.js'
import { openBestRecords, type PersistProblem } from './openBestRecords.js'
import { readRecord, recordOf } from './queryRecord.js'

export interface PersistOptions {
  readonly client: QueryClient
  /** Names the app in the database's name. */
  readonly name: string
  /** Whose cache it is: no one else reads it. */
  readonly userId: string
  /** Records of another one are dropped: change it when cached data has another shape. */
  readonly buster?: string
  /** How old data may be to be shown again, in ms. Default: 24 hours. Give queries a `gcTime` of as much. */
  readonly maxAge?: number
  /** Which queries are kept. Default: all. */
  readonly filter?: (queryKey: QueryKey) => boolean
  readonly ports?: Pick<Ports, 'now' | 'timer' | 'hash' | 'visible$' | 'indexedDB'>
}

/** Keeps a query cache on the device, query by query. */
export interface QueryPersistence {
  /** Where: IndexedDB, or what there is instead. */
  readonly kind: QueryRecords['kind']
  readonly problem$: Observable<PersistProblem>
  /** Resolves when all changes until now are stored, or were told as problems. */
  readonly flush: () => Promise<void>
  /** Forgets all that is kept of this user. */
  readonly clear: () => Promise<void>
  /** Stores what has changed and ends. At a sign-out, empty the cache afterwards: `client.clear()`. */
  readonly stop: () => Promise<void>
}

/** How long changes are gathered before they are stored, in ms. */
const pause = 1_000
const day = 86_400_000

/**
 * Fills a cache with what was kept of it, and keeps every query from then on when it changes: one record a query. Resolves
 * when the cache is filled.
 *
 * @example
 * const persistence = await persistQueries({ client, name: 'plant', userId, buster: 'v3' })
 */
export async function persistQueries(options: PersistOptions): Promise<QueryPersistence> {
  const persister = new Persister(options)
  await persister.open()
  return {
    kind: persister.records.kind,
    problem$: persister.problem,
    flush: () => persister.flush(),
    clear: () => persister.clear(),
    stop: () => persister.stop(),
  }
}

class Persister {
  readonly problem = new ReplaySubject<PersistProblem>(20)
  records: QueryRecords = noQueryRecords
  readonly #options: PersistOptions
  readonly #ports: NonNullable<PersistOptions['ports']>
  readonly #inOrder = inOrder()
  /** Queries that have changed since they were stored, by hash. */
  readonly #changed = new Map<string, Query>()
  readonly #running = new Subscription()
  #timer: Stop | undefined
  #filling = false

  constructor(options: PersistOptions) {
    this.#options = options
    this.#ports = options.ports ?? browserPorts
  }

  async open(): Promise<void> {
    const { client, name, userId } = this.#options
    // Watched from the start: what is fetched while the records are opened is kept as well.
    this.#running.add(client.getQueryCache().subscribe((event) => this.#watch(event)))
    this.#running.add(
      this.#ports.visible$.pipe(filter((visible) => !visible)).subscribe(() => void this.flush()),
    )
    const database = await databaseName(this.#ports, name, 'queries', userId)
    this.records = await openBestRecords(database, this.#ports, (problem) => this.problem.next(problem))
    await this.#fill()
  }

  async stop(): Promise<void> {
    this.#running.unsubscribe()
    await this.flush()
    this.records.close()
  }

  async clear(): Promise<void> {
    this.#changed.clear()
    await this.#inOrder(() => this.records.clear())
  }

  async flush(): Promise<void> {
    this.#timer?.()
    this.#timer = undefined
    const { buster = '' } = this.#options
    const changes = [...this.#changed].map(([hash, query]) => [hash, recordOf(query, buster)] as const)
    this.#changed.clear()
    await this.#inOrder(() => this.#write(changes))
  }

  async #fill(): Promise<void> {
    const { buster = '', maxAge = day } = this.#options
    const limits = { buster, maxAge, now: this.#ports.now() }
    const useless: QueryRecordChange[] = []
    const stored = await this.#readAll()
    this.#filling = true
    for (const [hash, value] of stored) {
      const record = readRecord(value, limits)
      if (typeof record === 'object' && this.#put(record)) continue
      if (record !== 'old') this.problem.next({ code: 'corrupt', hash })
      useless.push([hash, undefined])
    }
    this.#filling = false
    await this.#write(useless)
  }

  async #readAll(): ReturnType<QueryRecords['all']> {
    try {
      return await this.records.all()
    } catch (cause) {
      this.problem.next({ code: 'storage-failed', cause })
      return []
    }
  }

  /** False when it is no key that a cache can have. */
  #put({ key, data, updatedAt, invalidated }: QueryRecord): boolean {
    const { client } = this.#options
    try {
      const known = client.getQueryState(key)
      if (known?.data !== undefined && known.dataUpdatedAt >= updatedAt) return true
      client.setQueryData(key, data, { updatedAt })
      if (invalidated) findQuery(client, key)?.invalidate()
      return true
    } catch {
      return false
    }
  }

  #watch(event: QueryCacheNotifyEvent): void {
    if (this.#filling || event.type !== 'updated' || !changesData.has(event.action.type)) return
    const query = event.query as Query
    const { filter: wanted = () => true } = this.#options
    if (query.meta?.persist === false || !wanted(query.queryKey)) return
    this.#changed.set(query.queryHash, query)
    this.#timer ??= this.#ports.timer(pause, () => void this.flush())
  }

  async #write(changes: readonly QueryRecordChange[]): Promise<void> {
    if (changes.length === 0) return
    try {
      const unstored = await this.records.write(changes)
      for (const { hash, cause } of unstored) this.problem.next({ code: 'not-kept', hash, cause })
    } catch (cause) {
      this.problem.next({ code: 'storage-failed', cause })
    }
  }
}

/** What happens to a query that its record must follow. */
const changesData: ReadonlySet<string> = new Set(['success', 'setState', 'invalidate'])
