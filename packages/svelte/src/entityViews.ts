import type {
  CachedState,
  CodeOf,
  Entities,
  EntityCode,
  EntityTypes,
  LabelOption,
  ListQuery,
  RowOfType,
  Settings,
} from '@tidemark/core/entities'
import type { Stream } from '@tidemark/core'
import { live, type Live } from './live.svelte.js'

type Reactive<V> = V | (() => V)
const valueOf = <V extends string | object | undefined>(value: Reactive<V>): V =>
  typeof value === 'function' ? (value as () => V)() : value

/** One entity. Read it in a component, an effect or a derived. */
export interface LiveEntity<V> {
  /** How good the data are, and why there are none. */
  readonly state: CachedState<V>
  readonly data: V | undefined
  /** True while nothing is known yet. */
  readonly isLoading: boolean
  /** Asks the server again. */
  refetch(): void
}

/** One page of a list. */
export interface LiveEntityList<Row> extends Omit<LiveEntity<readonly Row[]>, 'state'> {
  readonly state: CachedState<{ readonly rows: readonly Row[]; readonly total: number }>
  /** Rows on all pages. */
  readonly total: number | undefined
}

const loading = { name: 'loading', data: undefined } as const

/** Follows an entity, whose id may be a function of reactive state. */
export function createEntity<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: Reactive<string>,
): LiveEntity<RowOfType<T, C>> {
  const followed = live(() => entities.entity(code, valueOf(id)))
  return view(followed, () => entities.refetch(code, valueOf(id)))
}

/** Follows one page of a list. The query may be a function of reactive state; a change of it opens the other page. */
export function createEntityList<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  query: Reactive<ListQuery<RowOfType<T, C>>> = {},
): LiveEntityList<RowOfType<T, C>> {
  const followed = live(() => entities.entityList(code, valueOf(query)))
  return {
    get state() {
      return followed.current ?? loading
    },
    get data() {
      return followed.current?.data?.rows
    },
    get total() {
      return followed.current?.data?.total
    },
    get isLoading() {
      return isLoading(followed.current)
    },
    refetch: () => entities.refetch(code),
  }
}

/** An entity as this device has it: `null` when it does not, `undefined` while it is read. Nothing is fetched. */
export const createOfflineEntity = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: Reactive<string>,
): Live<RowOfType<T, C> | null> => live(() => entities.offlineEntity(code, valueOf(id)))

/** What is read of reference data. */
type Reference<Name extends string, V> = { readonly [N in Name]: V } & Pick<
  LiveEntity<V>,
  'state' | 'isLoading'
>

/** The values of a label, for a drop-down; none while they are not known. */
export const createDatalabel = (
  entities: Pick<Entities, 'datalabel'>,
  name: Reactive<string>,
): Reference<'options', readonly LabelOption[]> =>
  reference('options', () => entities.datalabel(valueOf(name)), [])

/** The entity types that the server has. */
export const createEntityCodes = (
  entities: Pick<Entities, 'entityCodes'>,
): Reference<'codes', readonly EntityCode[]> => reference('codes', () => entities.entityCodes(), [])

/** The settings of the app. */
export const createGlobalSettings = (
  entities: Pick<Entities, 'globalSettings'>,
): Reference<'settings', Settings> => reference('settings', () => entities.globalSettings(), {})

function view<V>(followed: Live<CachedState<V>>, refetch: () => void): LiveEntity<V> {
  return {
    refetch,
    get state() {
      return followed.current ?? loading
    },
    get data() {
      return followed.current?.data
    },
    get isLoading() {
      return isLoading(followed.current)
    },
  }
}

function reference<Name extends string, V>(
  name: Name,
  open: () => Stream<CachedState<V>>,
  none: V,
): Reference<Name, V> {
  const followed = live(open)
  const read = {
    get state() {
      return followed.current ?? loading
    },
    get isLoading() {
      return isLoading(followed.current)
    },
  }
  return Object.defineProperty(read, name, { get: () => followed.current?.data ?? none }) as Reference<
    Name,
    V
  >
}

const isLoading = (state: CachedState<unknown> | undefined): boolean => (state ?? loading).name === 'loading'
