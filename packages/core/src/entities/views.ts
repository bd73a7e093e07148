import type { CachedState } from './cachedState.js'
import type { Page } from './origins.js'
import type { EntityCode, LabelOption, Settings } from './reference.js'

/** What a component reads of anything that is cached. */
export interface CachedView<V> {
  /** How good the data are, and why there are none. */
  readonly state: CachedState<V>
  /** True while nothing is known yet. */
  readonly isLoading: boolean
}

/** What a component reads of one entity. */
export interface EntityView<V> extends CachedView<V> {
  readonly data: V | undefined
}

/** What a component reads of one page of a list. */
export interface ListView<Row> extends CachedView<Page<Row>> {
  readonly data: readonly Row[] | undefined
  /** Rows on all pages. */
  readonly total: number | undefined
}

/** What a component reads of a label: its values for a drop-down; none while they are not known. */
export interface LabelView extends CachedView<readonly LabelOption[]> {
  readonly options: readonly LabelOption[]
}

/** What a component reads of the entity types that the server has; none while they are not known. */
export interface CodesView extends CachedView<readonly EntityCode[]> {
  readonly codes: readonly EntityCode[]
}

/** What a component reads of the settings of the app; none while they are not known. */
export interface SettingsView extends CachedView<Settings> {
  readonly settings: Settings
}

// In each of these a stream that is not known yet, `undefined`, reads as one that is loading.

/** What a component reads of an entity in this state. */
export const entityView = <V>(state?: CachedState<V>): EntityView<V> => ({
  ...cachedView(state),
  data: state?.data,
})

/** What a component reads of a page in this state. */
export const listView = <Row>(state?: CachedState<Page<Row>>): ListView<Row> => ({
  ...cachedView(state),
  data: state?.data?.rows,
  total: state?.data?.total,
})

/** What a component reads of a label in this state. */
export const labelView = (state?: CachedState<readonly LabelOption[]>): LabelView => ({
  ...cachedView(state),
  options: state?.data ?? [],
})

/** What a component reads of the entity types in this state. */
export const codesView = (state?: CachedState<readonly EntityCode[]>): CodesView => ({
  ...cachedView(state),
  codes: state?.data ?? [],
})

/** What a component reads of the settings in this state. */
export const settingsView = (state?: CachedState<Settings>): SettingsView => ({
  ...cachedView(state),
  settings: state?.data ?? {},
})

const cachedView = <V>(state: CachedState<V> = { name: 'loading', data: undefined }): CachedView<V> => ({
  state,
  isLoading: state.name === 'loading',
})
