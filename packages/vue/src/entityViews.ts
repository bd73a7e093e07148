import {
  codesView,
  entityView,
  labelView,
  listView,
  settingsView,
  type CodeOf,
  type CodesView,
  type Entities,
  type EntityTypes,
  type EntityView,
  type LabelView,
  type ListQuery,
  type ListView,
  type RowOfType,
  type SettingsView,
} from '@tidemark/core/entities'
import { toValue, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { useReading, type Computed } from './useReading.js'
import { useStream } from './useStream.js'

interface Refetch {
  /** Asks the server again. */
  refetch(): void
}

/** One entity. */
export interface UsedEntity<V> extends Computed<EntityView<V>>, Refetch {}

/** One page of a list. */
export interface UsedEntityList<Row> extends Computed<ListView<Row>>, Refetch {}

/** Follows an entity, whose id may be a ref or a getter. */
export const useEntity = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: MaybeRefOrGetter<string>,
): UsedEntity<RowOfType<T, C>> => ({
  ...useReading(() => entities.entity(code, toValue(id)), entityView),
  refetch: () => entities.refetch(code, toValue(id)),
})

/** Follows one page of a list. The query may be a ref or a getter; a change of it opens the other page. */
export const useEntityList = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  query: MaybeRefOrGetter<ListQuery<RowOfType<T, C>>> = {},
): UsedEntityList<RowOfType<T, C>> => ({
  ...useReading(() => entities.entityList(code, toValue(query)), listView),
  refetch: () => entities.refetch(code),
})

/** An entity as this device has it: `null` when it does not, `undefined` while it is read. Nothing is fetched. */
export const useOfflineEntity = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: MaybeRefOrGetter<string>,
): Readonly<ShallowRef<RowOfType<T, C> | null | undefined>> =>
  useStream(() => entities.offlineEntity(code, toValue(id)))

/** The values of a label, for a drop-down; none while they are not known. */
export const useDatalabel = (
  entities: Pick<Entities, 'datalabel'>,
  name: MaybeRefOrGetter<string>,
): Computed<LabelView> => useReading(() => entities.datalabel(toValue(name)), labelView)

/** The entity types that the server has. */
export const useEntityCodes = (entities: Pick<Entities, 'entityCodes'>): Computed<CodesView> =>
  useReading(() => entities.entityCodes(), codesView)

/** The settings of the app. */
export const useGlobalSettings = (entities: Pick<Entities, 'globalSettings'>): Computed<SettingsView> =>
  useReading(() => entities.globalSettings(), settingsView)
