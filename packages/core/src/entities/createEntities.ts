import type { Observable } from 'rxjs'
import { browserPorts } from '../base/browserPorts.js'
import type { Ports } from '../base/ports.js'
import type { Stream } from '../streams/stream.js'
import type { CachedState } from './cachedState.js'
import { EntitiesClient, type inside, type Inside } from './client.js'
import type { EntityRow, EntityTypes } from './entityType.js'
import type { Fetcher, ListQuery } from './fetcher.js'
import type { EntityMutation } from './mutations.js'
import type { Page } from './origins.js'
import type { EntityCode, LabelOption, Settings } from './reference.js'

export interface EntitiesOptions<T extends EntityTypes> {
  /** Names the app; part of the local database's name. */
  readonly name: string
  /** The entity types, by the code that the server knows them by. */
  readonly types: T
  readonly fetcher: Fetcher
  /** How long an answer is good without asking again, in ms. Default: 5 minutes. */
  readonly staleTime?: number
  /** How long what nobody watches stays in memory, in ms; it stays on the device. Default: 5 minutes. */
  readonly keep?: number
  /** The surroundings; left out: the browser's own. */
  readonly ports?: Ports
}

/** The client's row of one of the types. */
export type RowOfType<T extends EntityTypes, C extends keyof T> = EntityRow<T[C]>
/** The code of one of the types. */
export type CodeOf<T extends EntityTypes> = keyof T & string

/** Cached entities of an app: shown from memory, else from this device, and fetched behind that. */
export interface Entities<T extends EntityTypes = EntityTypes> {
  readonly [inside]: Inside
  /** The signed-in user's id; `undefined` when stopped. */
  readonly userId: string | undefined
  /** What went wrong behind: storage that failed, rows that do not fit their declaration. */
  readonly problem$: Observable<unknown>
  /**
   * Opens the user's records. Resolves when they, and the reference data in them, can be read. For another user it stops first;
   * for the same user it asks again for what needed a sign-in.
   */
  start(userId: string): Promise<void>
  /** Stops; everything stays on the device. */
  stop(): Promise<void>
  /** Stops, and removes what the server said from the device; with `drafts: 'discard'` also what the user has not saved. */
  signOut(options?: { readonly drafts?: 'keep' | 'discard' }): Promise<void>
  /** One entity. */
  entity<C extends CodeOf<T>>(code: C, id: string): Stream<CachedState<RowOfType<T, C>>>
  /** One page of a list, with how many rows there are on all pages. */
  entityList<C extends CodeOf<T>>(
    code: C,
    query?: ListQuery<RowOfType<T, C>>,
  ): Stream<CachedState<Page<RowOfType<T, C>>>>
  /** Writes entities of a type: shown at once, and taken back when the server refuses. */
  entityMutation<C extends CodeOf<T>>(code: C): EntityMutation<RowOfType<T, C>>
  /** An entity as this device has it, without asking the server; `null` when it does not. */
  offlineEntity<C extends CodeOf<T>>(code: C, id: string): Stream<RowOfType<T, C> | null>
  /** The values of a label. */
  datalabel(name: string): Stream<CachedState<readonly LabelOption[]>>
  /** The values of a label as they are known now, for formatters; without any when they are not. */
  getDatalabelSync(name: string): readonly LabelOption[]
  /** The entity types that the server has. */
  entityCodes(): Stream<CachedState<readonly EntityCode[]>>
  globalSettings(): Stream<CachedState<Settings>>
  /** Fetches what is shown of a type again, or one entity; and what is not shown when it is opened. */
  refetch(code: CodeOf<T>, id?: string): void
}

/**
 * Makes an app's cached entities. Nothing is opened and nothing is asked before `start`, so it may be made on a server too.
 *
 * @example
 * const entities = createEntities({
 *   name: 'projects',
 *   types: { project: { row: z.object({ id: z.uuid(), name: z.string(), version: z.number() }) } },
 *   fetcher: restFetcher({ url: '/api/v1', token }),
 * })
 * await entities.start(userId)
 * entities.entity('project', id).subscribe((state) => show(state.data))
 */
export function createEntities<const T extends EntityTypes>(options: EntitiesOptions<T>): Entities<T> {
  const { staleTime = 300_000, keep = 300_000, ports = browserPorts } = options
  return new EntitiesClient({ ...options, staleTime, keep, ports }) as unknown as Entities<T>
}
