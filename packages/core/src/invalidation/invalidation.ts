import type { QueryClient } from '@tanstack/query-core'
import { filter, isObservable, merge, of, skip, Subject, Subscription, type Observable } from 'rxjs'
import { browserPorts } from '../base/browserPorts.js'
import type { Ports, Stop } from '../base/ports.js'
import type { FeedChannel } from '../feeds/channelName.js'
import type { FeedEvent } from '../feeds/event.js'
import type { Feed } from '../feeds/feed.js'
import { batch } from './batch.js'
import { collect, type Collection } from './collect.js'
import { dropMissing } from './failures.js'
import { Handler } from './handler.js'
import { Subscriptions, type View } from './subscriptions.js'

export interface InvalidationOptions {
  readonly client: QueryClient
  readonly feed: Feed
  /**
   * The scope that the user works in: events of others are dropped. Each emission subscribes to everything again, so that it
   * also serves a change of user; `undefined` while there is none.
   */
  readonly scope: string | Observable<string | undefined>
  /** How long events are collected, in ms: 250 to 500. Default: 300. */
  readonly window?: number
  readonly ports?: Pick<Ports, 'timer' | 'visible$'>
}

/** Keeps what a query cache holds of the shown views equal to the server. */
export interface Invalidation extends Pick<Feed, 'state$' | 'problem$'> {
  /** Follows the channels of what a page shows, until stopped: then nothing of them is handled any more. */
  readonly view: (views: readonly View[]) => Stop
  /** Handles at once what has been collected. Call it before a change of route. */
  readonly flush: () => void
  /** Ends everything but the feed. */
  readonly stop: () => void
}

/**
 * Binds a feed to a query cache.
 *
 * @example
 * const invalidation = createInvalidation({ client, feed: supabaseFeed(supabase, { types }), scope: factoryId })
 * const leave = invalidation.view([{ kind: 'doc', type: 'wo', id }])
 */
export function createInvalidation(options: InvalidationOptions): Invalidation {
  const { feed, scope } = options
  const flush = new Subject<void>()
  const events = new Subject<FeedEvent>()
  const subscriptions = new Subscriptions((channel) =>
    feed.listen(channel).subscribe((event) => events.next(event)),
  )
  let factoryId: string | undefined
  const running = handleAll(options, { events, flush, scope: () => factoryId })
  running.add(() => subscriptions.renew(undefined))
  running.add(
    (isObservable(scope) ? scope : of(scope)).subscribe((id) => {
      factoryId = id
      subscriptions.renew(id)
    }),
  )
  return {
    state$: feed.state$,
    problem$: feed.problem$,
    flush: () => flush.next(),
    stop: () => running.unsubscribe(),
    view: (views) => {
      const leave = subscriptions.add(views)
      return () => {
        flush.next()
        leave()
      }
    },
  }
}

interface Inputs {
  readonly events: Observable<FeedEvent>
  readonly flush: Observable<void>
  /** The scope of now. */
  readonly scope: () => string | undefined
}

/** Brings all that is heard into the cache, a window at a time. */
function handleAll(options: InvalidationOptions, { events, flush, scope }: Inputs): Subscription {
  const { client, feed, window, ports = browserPorts } = options
  const handler = new Handler(client)
  const shown = ports.visible$.pipe(skip(1), filter(Boolean))
  const collecting = { window, flush$: merge(flush, shown), ports }
  const inScope = (work: (factoryId: string) => void): void => {
    const factoryId = scope()
    if (factoryId !== undefined) work(factoryId)
  }
  const running = events
    .pipe(batch(collecting))
    .subscribe((batched) => inScope((factoryId) => handler.handle(batched, factoryId)))
  running.add(
    feed.missed$
      .pipe(collect(() => new Channels(), collecting))
      .subscribe((channels) => inScope((factoryId) => handler.missed(channels, factoryId))),
  )
  running.add(dropMissing(client))
  running.add(() => handler.stop())
  return running
}

/** Each channel once. */
class Channels
  extends Set<FeedChannel | undefined>
  implements Collection<FeedChannel | undefined, ReadonlySet<FeedChannel | undefined>>
{
  take(): ReadonlySet<FeedChannel | undefined> {
    const channels = new Set(this)
    this.clear()
    return channels
  }
}
