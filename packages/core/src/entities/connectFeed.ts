import { isObservable, of, Subject, type Observable } from 'rxjs'
import type { Stop } from '../base/ports.js'
import { channelName, type FeedChannel } from '../feeds/channelName.js'
import type { FeedEvent } from '../feeds/event.js'
import type { Feed } from '../feeds/feed.js'
import { batch } from '../invalidation/batch.js'
import { Subscriptions, type View } from '../invalidation/subscriptions.js'
import { inside } from './client.js'
import type { Entities } from './createEntities.js'
import { tell } from './tell.js'

/**
 * Keeps what is shown equal to the server by the events of a feed, until stopped. Without one, what is shown is fetched when it
 * is opened and older than `staleTime`.
 *
 * @param scope the scope that the user works in: events of others are dropped. Each emission subscribes to everything again;
 * `undefined` while there is none.
 */
export function connectFeed(
  entities: Pick<Entities, typeof inside>,
  feed: Feed,
  scope: string | Observable<string | undefined>,
): Stop {
  const { cache } = entities[inside]
  const { ports } = cache.options
  const events = new Subject<FeedEvent>()
  const subscriptions = new Subscriptions((channel) =>
    feed.listen(channel).subscribe((event) => events.next(event)),
  )
  const rowByRow = feed.listsTellUpdates === false
  let factoryId: string | undefined
  const running = events.pipe(batch({ ports })).subscribe((batched) =>
    tell(
      cache,
      batched.filter((event) => event.factoryId === factoryId),
    ),
  )
  running.add(
    feed.missed$.subscribe((channel) => {
      const shows = (view: View): boolean => factoryId !== undefined && concerns(channel, view, factoryId)
      for (const resource of cache.resources)
        if (shows(resource.origin.view) || (rowByRow && resource.rows.some(shows))) resource.invalidate()
    }),
  )
  running.add(
    (isObservable(scope) ? scope : of(scope)).subscribe((id) => {
      factoryId = id
      subscriptions.renew(id)
    }),
  )
  cache.listener = (view, rows) => subscriptions.add(rowByRow ? [view, ...rows] : [view])
  running.add(() => {
    cache.listener = () => () => undefined
  })
  return () => running.unsubscribe()
}

/** Whether what is told on a channel, or on any, is about a view. */
function concerns(channel: FeedChannel | undefined, view: View, factoryId: string): boolean {
  if (!channel || channel.kind === 'factory') return true
  return channelName({ factoryId, ...view }) === channelName(channel)
}
