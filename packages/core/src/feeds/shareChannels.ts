import { defer, finalize, Observable, share } from 'rxjs'
import type { Stop } from '../base/ports.js'
import { channelName, type FeedChannel } from './channelName.js'
import type { FeedEvent } from './event.js'
import type { Feed } from './feed.js'

/** Opens a channel and tells its events; answers what leaves it. */
export type OpenChannel = (channel: FeedChannel, tell: (event: FeedEvent) => void) => Stop

/** A feed's `listen`: a channel is opened for its first subscriber and left with its last. */
export function shareChannels(open: OpenChannel): Feed['listen'] {
  const shared = new Map<string, Observable<FeedEvent>>()
  const make = (name: string, channel: FeedChannel): Observable<FeedEvent> =>
    new Observable<FeedEvent>((subscriber) => open(channel, (event) => subscriber.next(event))).pipe(
      finalize(() => shared.delete(name)),
      share(),
    )
  return (channel) => {
    const name = channelName(channel)
    return defer(() => {
      const events = shared.get(name) ?? make(name, channel)
      shared.set(name, events)
      return events
    })
  }
}
