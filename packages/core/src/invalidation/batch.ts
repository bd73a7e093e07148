import type { OperatorFunction } from 'rxjs'
import type { FeedEvent } from '../feeds/event.js'
import { Coalesced, type BatchedEvent } from './coalesce.js'
import { collect, type CollectOptions } from './collect.js'

/**
 * Collects events for a window and emits them together, with one event for each `(type, id, action)`: the highest version.
 *
 * @example
 * feed.listen(channel).pipe(batch({ window: 300 })).subscribe((events) => handler.handle(events, factoryId))
 */
export const batch = (options?: CollectOptions): OperatorFunction<FeedEvent, readonly BatchedEvent[]> =>
  collect(() => new Coalesced(), options)
