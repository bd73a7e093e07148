import { Subject } from 'rxjs'
import { TidemarkError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import type { Ports, Stop } from '../base/ports.js'
import type { View } from '../invalidation/subscriptions.js'
import { Turn } from '../streams/cell.js'
import { idOf, isOlder, type EntityType, type EntityTypes } from './entityType.js'
import type { Fetched, FetchedPage, Fetcher, ListQuery, ReferenceName } from './fetcher.js'
import type { CachedRecord, Origin, Surroundings } from './origin.js'
import {
  entityId,
  entityOrigin,
  listOrigin,
  referenceOrigin,
  withoutRow,
  withRows,
  type Makings,
  type Page,
} from './origins.js'
import { Overlay } from './overlay.js'
import { Resource } from './resource.js'
import type { EntitySession } from './session.js'

export interface CacheOptions {
  readonly types: EntityTypes
  readonly fetcher: Fetcher
  readonly ports: Ports
  readonly staleTime: number
  readonly keep: number
}

/** What hears of the views that are shown, and of the rows in them. */
export type Listen = (view: View, rows: readonly View[]) => Stop

/** All resources of one app in this tab, and what keeps them equal to each other. */
export class Cache {
  readonly problem$ = new Subject<unknown>()
  readonly overlay = new Overlay((code, id) => this.#patched(code, id))
  readonly turn = new Turn()
  readonly options: CacheOptions
  readonly #resources = new Map<string, Resource<unknown>>()
  readonly #around: Surroundings
  readonly #makings: Makings
  #session: EntitySession | undefined
  #listen: Listen = () => () => undefined

  constructor(options: CacheOptions) {
    this.options = options
    const report = (error: unknown): void => this.problem$.next(error)
    this.#around = {
      ...options,
      turn: this.turn,
      listen: (view, rows) => this.#listen(view, rows),
      report,
      records: () => this.#session?.records,
      store: (origin, record) => this.#session?.store(origin, record),
    }
    this.#makings = {
      fetcher: options.fetcher,
      overlay: this.overlay,
      rowOf: (code, id) => this.#rowOf(code, id),
      heard: (code, rows) => this.#heard(code, rows),
      report,
    }
  }

  get session(): EntitySession | undefined {
    return this.#session
  }

  set session(session: EntitySession | undefined) {
    this.#session = session
    for (const resource of this.#resources.values()) resource.reset()
  }

  /** What is shown is heard of by this from now on. */
  set listen(listen: Listen) {
    this.#listen = listen
    for (const resource of this.#resources.values()) resource.listen()
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
    const resource = new Resource(origin, this.#around, () => this.#resources.delete(name))
    this.#resources.set(name, resource as unknown as Resource<unknown>)
    return resource
  }

  entity(code: string, id: string): Origin<Columns> {
    return entityOrigin(code, this.typeOf(code), id, this.#makings)
  }

  list(code: string, { page = 1, limit = 20, ...rest }: ListQuery): Origin<Page> {
    return listOrigin(code, this.typeOf(code), { ...rest, page, limit }, this.#makings)
  }

  reference(name: ReferenceName): Origin<unknown> {
    return referenceOrigin(name, this.#makings)
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
      this.#session?.store(this.entity(code, id), { ...answer, at })
      this.#heard(code, [answer.data])
    }
    if (answer === 'gone') this.#drop(code, id)
  }

  /** Rows of this type have come, gone or changed. */
  invalidateLists(code: string): void {
    for (const { resource } of this.#lists(code)) resource.invalidate()
  }

  #patched(code: string, id: string): void {
    this.shown(code, id)?.changed()
    for (const { resource } of this.#lists(code)) resource.changed()
  }

  #drop(code: string, id: string): void {
    const type = this.typeOf(code)
    for (const { resource, page } of this.#lists(code)) {
      const left = withoutRow(type, page, id)
      if (left !== page) resource.amend(left)
    }
  }

  #heard(code: string, rows: readonly Columns[]): void {
    const type = this.typeOf(code)
    for (const row of rows) {
      const entity = this.shown(code, idOf(type, row))
      const known = entity?.record?.data as Columns | undefined
      if (known && isOlder(known, row)) entity?.offer(row)
    }
    for (const { resource, page } of this.#lists(code)) {
      const renewed = withRows(type, page, rows)
      if (renewed !== page) resource.amend(renewed)
    }
  }

  #rowOf(code: string, id: string): CachedRecord | undefined {
    const type = this.typeOf(code)
    for (const { resource, page } of this.#lists(code)) {
      const data = page.rows.find((row) => idOf(type, row) === id)
      if (data) return { data, at: resource.record?.at ?? 0 }
    }
    return undefined
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
