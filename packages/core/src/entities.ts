export {
  createEntities,
  type CodeOf,
  type Entities,
  type EntitiesOptions,
  type RowOfType,
} from './entities/createEntities.js'
export type { CachedState } from './entities/cachedState.js'
export { connectFeed } from './entities/connectFeed.js'
export { draft, type Draft } from './entities/draft.js'
export type { DraftConflict, DraftState, Editing } from './entities/draftState.js'
export { draftActions, draftView, type DraftActions, type DraftView } from './entities/draftView.js'
export type { EntityRow, EntityType, EntityTypes } from './entities/entityType.js'
export { entityWrites, type EntityWrites, type Runner } from './entities/entityWrites.js'
export type {
  Asking,
  Fetched,
  FetchedPage,
  Fetcher,
  Filter,
  FullQuery,
  ListQuery,
  ReferenceName,
} from './entities/fetcher.js'
export type { EntityMutation, WriteOptions } from './entities/mutations.js'
export type { Page } from './entities/origins.js'
export { postgrestFetcher, type PostgrestOptions } from './entities/postgrestFetcher.js'
export type { EntityCode, LabelOption, Settings } from './entities/reference.js'
export { restFetcher, type RestOptions } from './entities/restFetcher.js'
export {
  codesView,
  entityView,
  labelView,
  listView,
  settingsView,
  type CachedView,
  type CodesView,
  type EntityView,
  type LabelView,
  type ListView,
  type SettingsView,
} from './entities/views.js'
