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
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { useStream } from './useStream.js'

/** One entity. */
export interface UsedEntity<V> {
  /** How good the data are, and why there are none. */
  readonly state: ComputedRef<CachedState<V>>
  readonly data: ComputedRef<V | undefined>
  /** True while nothing is known yet. */
  readonly isLoading: ComputedRef<boolean>
  /** Asks the server again. */
  refetch(): void
}

/** One page of a list. */
export interface UsedEntityList<Row> extends Pick<UsedEntity<Row>, 'isLoading' | 'refetch'> {
  readonly state: ComputedRef<CachedState<{ readonly rows: readonly Row[]; readonly total: number }>>
  readonly data: ComputedRef<readonly Row[] | undefined>
  /** Rows on all pages. */
  readonly total: ComputedRef<number | undefined>
}

const loading = { name: 'loading', data: undefined } as const
type Followed<V> = Readonly<ShallowRef<CachedState<V> | undefined>>

/** Follows an entity, whose id may be a ref or a getter. */
export function useEntity<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: MaybeRefOrGetter<string>,
): UsedEntity<RowOfType<T, C>> {
  const followed = useStream(() => entities.entity(code, toValue(id)))
  const data = computed(() => followed.value?.data)
  return { ...stateOf(followed), data, refetch: () => entities.refetch(code, toValue(id)) }
}

/** Follows one page of a list. The query may be a ref or a getter; a change of it opens the other page. */
export function useEntityList<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  query: MaybeRefOrGetter<ListQuery<RowOfType<T, C>>> = {},
): UsedEntityList<RowOfType<T, C>> {
  const followed = useStream(() => entities.entityList(code, toValue(query)))
  return {
    ...stateOf(followed),
    data: computed(() => followed.value?.data?.rows),
    total: computed(() => followed.value?.data?.total),
    refetch: () => entities.refetch(code),
  }
}

/** An entity as this device has it: `null` when it does not, `undefined` while it is read. Nothing is fetched. */
export const useOfflineEntity = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: MaybeRefOrGetter<string>,
): Readonly<ShallowRef<RowOfType<T, C> | null | undefined>> =>
  useStream(() => entities.offlineEntity(code, toValue(id)))

type State<V> = Pick<UsedEntity<V>, 'state' | 'isLoading'>

/** The values of a label, for a drop-down; none while they are not known. */
export function useDatalabel(
  entities: Pick<Entities, 'datalabel'>,
  name: MaybeRefOrGetter<string>,
): State<readonly LabelOption[]> & { readonly options: ComputedRef<readonly LabelOption[]> } {
  const followed = useStream(() => entities.datalabel(toValue(name)))
  return { ...stateOf(followed), options: computed(() => followed.value?.data ?? []) }
}

/** The entity types that the server has. */
export function useEntityCodes(
  entities: Pick<Entities, 'entityCodes'>,
): State<readonly EntityCode[]> & { readonly codes: ComputedRef<readonly EntityCode[]> } {
  const followed = useStream(entities.entityCodes())
  return { ...stateOf(followed), codes: computed(() => followed.value?.data ?? []) }
}

/** The settings of the app. */
export function useGlobalSettings(
  entities: Pick<Entities, 'globalSettings'>,
): State<Settings> & { readonly settings: ComputedRef<Settings> } {
  const followed = useStream(entities.globalSettings())
  return { ...stateOf(followed), settings: computed(() => followed.value?.data ?? {}) }
}

function stateOf<V>(followed: Followed<V>): State<V> {
  const state = computed(() => followed.value ?? loading)
  return { state, isLoading: computed(() => state.value.name === 'loading') }
}
