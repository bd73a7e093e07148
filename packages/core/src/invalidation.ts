export { channelName, type FeedChannel } from './feeds/channelName.js'
export type { FeedAction, FeedEvent, FeedProblem } from './feeds/event.js'
export type { Feed, FeedState } from './feeds/feed.js'
export { batch } from './invalidation/batch.js'
export type { BatchedEvent } from './invalidation/coalesce.js'
export type { CollectOptions } from './invalidation/collect.js'
export { retryQuery, signIn$ } from './invalidation/failures.js'
export { Handler } from './invalidation/handler.js'
export {
  createInvalidation,
  type Invalidation,
  type InvalidationOptions,
} from './invalidation/invalidation.js'
export { keyDoc, keyList, keyListHeads, keyTable, readKey } from './invalidation/keys.js'
export type { DocKey, KeyParts, ListKey, TableKey } from './invalidation/keys.js'
export type { View } from './invalidation/subscriptions.js'
export { typedKeys, type TypedKeys } from './invalidation/typedKeys.js'
export { persistQueries, type PersistOptions, type QueryPersistence } from './invalidation/persistence.js'
export type { PersistProblem } from './invalidation/openBestRecords.js'
export { tableOptions, type TableQueryOptions } from './invalidation/tableOptions.js'
