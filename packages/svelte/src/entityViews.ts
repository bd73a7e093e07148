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
import { live, type Live } from './live.svelte.js'
import { reading } from './reading.js'

type Reactive<V> = V | (() => V)
const valueOf = <V extends string | object | undefined>(value: Reactive<V>): V =>
  typeof value === 'function' ? (value as () => V)() : value

interface Refetch {
  /** Asks the server again. */
  refetch(): void
}

/** One entity. Read it in a component, an effect or a derived. */
export interface LiveEntity<V> extends EntityView<V>, Refetch {}

/** One page of a list. */
export interface LiveEntityList<Row> extends ListView<Row>, Refetch {}

/** Follows an entity, whose id may be a function of reactive state. */
export const createEntity = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: Reactive<string>,
): LiveEntity<RowOfType<T, C>> =>
  reading(() => entities.entity(code, valueOf(id)), entityView, {
    refetch: () => entities.refetch(code, valueOf(id)),
  })

/** Follows one page of a list. The query may be a function of reactive state; a change of it opens the other page. */
export const createEntityList = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  query: Reactive<ListQuery<RowOfType<T, C>>> = {},
): LiveEntityList<RowOfType<T, C>> =>
  reading(() => entities.entityList(code, valueOf(query)), listView, {
    refetch: () => entities.refetch(code),
  })

/** An entity as this device has it: `null` when it does not, `undefined` while it is read. Nothing is fetched. */
export const createOfflineEntity = <T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: Reactive<string>,
): Live<RowOfType<T, C> | null> => live(() => entities.offlineEntity(code, valueOf(id)))

/** The values of a label, for a drop-down; none while they are not known. */
export const createDatalabel = (entities: Pick<Entities, 'datalabel'>, name: Reactive<string>): LabelView =>
  reading(() => entities.datalabel(valueOf(name)), labelView, {})

/** The entity types that the server has. */
export const createEntityCodes = (entities: Pick<Entities, 'entityCodes'>): CodesView =>
  reading(() => entities.entityCodes(), codesView, {})

/** The settings of the app. */
export const createGlobalSettings = (entities: Pick<Entities, 'globalSettings'>): SettingsView =>
  reading(() => entities.globalSettings(), settingsView, {})
