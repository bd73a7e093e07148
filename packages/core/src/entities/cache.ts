import { Subject } from 'rxjs'
import { TidemarkError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import { isOlder } from '../base/version.js'
import type { View } from '../invalidation/subscriptions.js'
import type { Records } from '../store/record.js'
import { Turn } from '../streams/cell.js'
import { entityId, idOf, type EntityType, type EntityTypes } from './entityType.js'
import type { Fetched, FetchedPage, ListQuery, ReferenceName } from './fetcher.js'
import type { CachedRecord, Origin, Stored, Surroundings } from './origin.js'
import { entityOrigin, listOrigin, referenceOrigin, withoutRow, withRows, type Page } from './origins.js'
import { Overlay } from './overlay.js'
import { Resource } from './resource.js'
import type { EntitySession } from './session.js'

export type CacheOptions = Surroundings['options'] & { readonly types: EntityTypes }

/** What hears of the views that are shown, and of the rows in them. */
export type Listener = (view: View, rows: readonly View[]) => Stop

/** All resources of one app in this tab, and what keeps them equal to each other. */
export class Cache implements Surroundings {
  readonly problem$ = new Subject<unknown>()
  readonly overlay = new Overlay((code, id) => this.#patched(code, id))
  readonly turn = new Turn()
  readonly options: CacheOptions
  readonly #resources = new Map<string, Resource<unknown>>()
  #session: EntitySession | undefined
  #listener: Listener = () => () => undefined

  constructor(options: CacheOptions) {
    this.options = options
  }

  readonly report = (error: unknown): void => this.problem$.next(error)

  get session(): EntitySession | undefined {
    return this.#session
  }

  set session(session: EntitySession | undefined) {
    this.#session = session
    for (const resource of this.#resources.values()) resource.reset()
  }

  get records(): Records | undefined {
    return this.#session?.records
  }

  store(origin: Stored, record: CachedRecord): void {
    this.#session?.store(origin, record)
  }

  /** What is shown is heard of by this from now on. */
  set listener(listener: Listener) {
    this.#listener = listener
    for (const resource of this.#resources.values()) resource.listen()
  }

  listen(view: View, rows: readonly View[]): Stop {
    return this.#listener(view, rows)
  }

  /** @throws TidemarkError `not-started` */
  get mustSession(): EntitySession {
    if (!this.#session) throw new TidemarkError('not-started')
    return this.#session
  }

  get resources(): readonly Resource<unknown>[] {
    return [...this.#resources.values()]
  }

  /** @throws TidemarkError `schema-invalid` when there is no such type */
  typeOf(code: string): EntityType {
    const type = this.options.types[code]
    if (!type || !Object.hasOwn(this.options.types, code))
      throw new TidemarkError('schema-invalid', `There is no entity type '${code}'. Declare it.`)
    return type
  }

  peek<V>({ store, id }: Pick<Origin<V>, 'store' | 'id'>): Resource<V> | undefined {
    // An origin's id says what it is of, and so what its values are.
    return this.#resources.get(`${store}:${id}`) as unknown as Resource<V> | undefined
  }

  /** The resource of an origin, made if it is not there. */
  open<V>(origin: Origin<V>): Resource<V> {
    const name = `${origin.store}:${origin.id}`
    const known = this.peek<V>(origin)
    if (known) return known
    const resource = new Resource(origin, this, () => this.#resources.delete(name))
    this.#resources.set(name, resource as unknown as Resource<unknown>)
    return resource
  }

  entity(code: string, id: string): Origin<Columns> {
    return entityOrigin(code, this.typeOf(code), id, this)
  }

  list(code: string, { page = 1, limit = 20, ...rest }: ListQuery): Origin<Page> {
    return listOrigin(code, this.typeOf(code), { ...rest, page, limit }, this)
  }

  reference(name: ReferenceName): Origin<unknown> {
    return referenceOrigin(name, this)
  }

  /** The entity, if it is in memory. */
  shown(code: string, id: string): Resource<Columns> | undefined {
    return this.peek({ store: 'entities', id: entityId(code, id) })
  }

  /** Takes in what the server said of an entity in answer to a write, or of its going. */
  put(code: string, id: string, answer: Fetched<Columns> | 'gone'): void {
    const shown = this.shown(code, id)
    const at = this.options.ports.now()
    if (shown) shown.put(answer)
    else if (answer === 'gone') this.#session?.mark(entityId(code, id), at)
    else {
      this.store(this.entity(code, id), { ...answer, at })
      this.heard(code, [answer.data])
    }
    if (answer === 'gone') this.#amend(code, (page) => withoutRow(this.typeOf(code), page, id))
  }

  /** Something of this type has changed, or the one of that id. */
  invalidate(type: string, id?: string): void {
    for (const resource of this.#resources.values()) {
      const { view } = resource.origin
      const one = view.kind === 'doc' && view.id === id
      if (view.type === type && (one || id === undefined)) resource.invalidate()
    }
  }

  /** Rows of this type have come, gone or changed. */
  invalidateLists(code: string): void {
    for (const { resource } of this.#lists(code)) resource.invalidate()
  }

  rowOf(code: string, id: string): CachedRecord | undefined {
    const type = this.typeOf(code)
    for (const { resource, page } of this.#lists(code)) {
      const data = page.rows.find((row) => idOf(type, row) === id)
      if (data) return { data, at: resource.record?.at ?? 0 }
    }
    return undefined
  }

  heard(code: string, rows: readonly Columns[]): void {
    const type = this.typeOf(code)
    for (const row of rows) {
      const entity = this.shown(code, idOf(type, row))
      const known = entity?.record?.data as Columns | undefined
      if (known && isOlder(known, row)) entity?.offer(row)
    }
    this.#amend(code, (page) => withRows(type, page, rows))
  }

  #patched(code: string, id: string): void {
    this.shown(code, id)?.changed()
    for (const { resource } of this.#lists(code)) resource.changed()
  }

  /** Changes the pages of a type that `change` does not answer as they are. */
  #amend(code: string, change: (page: FetchedPage) => FetchedPage): void {
    for (const { resource, page } of this.#lists(code)) {
      const changed = change(page)
      if (changed !== page) resource.amend(changed)
    }
  }

  /** The lists of a type in memory, with what the server said of them. */
  #lists(code: string): { resource: Resource<unknown>; page: FetchedPage }[] {
    return this.resources.flatMap((resource) => {
      const { kind, type } = resource.origin.view
      const page = (resource.record?.data ?? { rows: [], total: 0 }) as FetchedPage
      return kind === 'list' && type === code ? [{ resource, page }] : []
    })
  }
}
