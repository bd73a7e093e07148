import type { Observable } from 'rxjs'
import { inOrder } from '../base/inOrder.js'
import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import { recordStores, type RecordStore } from '../store/record.js'
import { Stream } from '../streams/stream.js'
import { Cache, type CacheOptions } from './cache.js'
import type { CachedState } from './cachedState.js'
import type { ListQuery, ReferenceName } from './fetcher.js'
import { Mutations, type EntityMutation } from './mutations.js'
import type { Origin } from './origin.js'
import { referenceOf, type Page } from './origins.js'
import type { LabelOption } from './reference.js'
import { EntitySession, type RecordNews } from './session.js'

export interface ClientOptions extends CacheOptions {
  readonly name: string
}

/** Something that is built on the cache, and lives as long as it. */
export interface Part {
  /** Another user, or none. */
  reset(): void
  /** Resolves when nothing is being stored. */
  settled(): Promise<void>
  /** Another tab has stored a record. */
  news(news: RecordNews): void
}

/** What the functions beside the client build on. Not for apps. */
export const inside = Symbol('inside')

export interface Inside {
  readonly cache: Cache
  readonly mutations: Mutations
  /** The part of that class, made at the first asking. */
  readonly part: <P extends Part>(kind: new (inside: Inside) => P) => P
}

/** Puts the parts together; `createEntities` tells the types of the app's entities. */
export class EntitiesClient {
  readonly #options: ClientOptions
  readonly #cache: Cache
  readonly #mutations: Mutations
  readonly #parts = new Map<unknown, Part>()
  readonly #inOrder = inOrder()
  #stops: readonly Stop[] = []

  constructor(options: ClientOptions) {
    this.#options = options
    this.#cache = new Cache(options)
    this.#mutations = new Mutations(this.#cache)
  }

  get [inside](): Inside {
    return {
      cache: this.#cache,
      mutations: this.#mutations,
      part: (kind) => {
        const part = this.#parts.get(kind) ?? new kind(this[inside])
        this.#parts.set(kind, part)
        return part as InstanceType<typeof kind>
      },
    }
  }

  get userId(): string | undefined {
    return this.#cache.session?.userId
  }

  get problem$(): Observable<unknown> {
    return this.#cache.problem$
  }

  start(userId: string): Promise<void> {
    return this.#inOrder(async () => {
      if (this.userId === userId) {
        for (const resource of this.#cache.resources) resource.resume()
        return
      }
      await this.#close([])
      await this.#open(userId)
    })
  }

  stop(): Promise<void> {
    return this.#inOrder(() => this.#close([]))
  }

  signOut({ drafts = 'keep' }: { drafts?: 'keep' | 'discard' } = {}): Promise<void> {
    const cleared = recordStores.filter((store) => store !== 'drafts' || drafts === 'discard')
    return this.#inOrder(() => this.#close(cleared))
  }

  entity(code: string, id: string): Stream<CachedState<Columns>> {
    return this.#stream(this.#cache.entity(code, id))
  }

  entityList(code: string, query: ListQuery = {}): Stream<CachedState<Page>> {
    return this.#stream(this.#cache.list(code, query))
  }

  entityMutation(code: string): EntityMutation<Columns> {
    return this.#mutations.of(code)
  }

  offlineEntity(code: string, id: string): Stream<Columns | null> {
    const origin = this.#cache.entity(code, id)
    return new Stream<Columns | null>({
      peek: () => this.#cache.peek<Columns>(origin)?.stored,
      watch: (changed) => this.#cache.open(origin).watch(changed, false),
    })
  }

  datalabel(name: string): Stream<CachedState<unknown>> {
    return this.#reference({ kind: 'datalabel', name })
  }

  getDatalabelSync(name: string): readonly LabelOption[] {
    const known = this.#cache.peek(this.#cache.reference({ kind: 'datalabel', name }))?.value
    return (known as readonly LabelOption[] | undefined) ?? []
  }

  entityCodes(): Stream<CachedState<unknown>> {
    return this.#reference({ kind: 'entity-codes' })
  }

  globalSettings(): Stream<CachedState<unknown>> {
    return this.#reference({ kind: 'settings' })
  }

  refetch(code: string, id?: string): void {
    this.#cache.invalidate(code, id)
  }

  #reference(name: ReferenceName): Stream<CachedState<unknown>> {
    return this.#stream(this.#cache.reference(name))
  }

  /** It is looked up anew, because what nobody watches is forgotten after a while. */
  #stream<V>(origin: Origin<V>): Stream<CachedState<V>> {
    return new Stream<CachedState<V>>({
      peek: () => this.#cache.peek<V>(origin)?.state,
      watch: (changed) => this.#cache.open(origin).watch(changed, true),
    })
  }

  async #open(userId: string): Promise<void> {
    const { name, fetcher, ports } = this.#options
    const { report } = this.#cache
    const session = await EntitySession.open({ name, server: fetcher.id, userId, ports, report })
    this.#use(session)
    const online = ports.online$.subscribe((is) => {
      if (is) for (const resource of this.#cache.resources) resource.hurry()
    })
    this.#stops = [session.listen((news) => this.#news(news)), () => online.unsubscribe()]
    await this.#hydrate(session)
  }

  #use(session: EntitySession | undefined): void {
    this.#cache.session = session
    for (const part of this.#parts.values()) part.reset()
  }

  /** Reference data are in memory from the beginning, so that formatters need not wait. */
  async #hydrate({ records }: EntitySession): Promise<void> {
    const stored = await records.all('metadata')
    await Promise.all(stored.map(([id]) => this.#cache.open(this.#cache.reference(referenceOf(id))).begin()))
  }

  #news(news: RecordNews): void {
    for (const part of this.#parts.values()) part.news(news)
    this.#cache.peek(news)?.reload().catch(this.#cache.report)
  }

  async #close(cleared: readonly RecordStore[]): Promise<void> {
    const { session } = this.#cache
    if (!session) return
    await Promise.all([...this.#parts.values()].map((part) => part.settled()))
    for (const stop of this.#stops) stop()
    this.#use(undefined)
    await Promise.all(cleared.map((store) => session.records.expire(store, Infinity)))
    session.close()
  }
}
