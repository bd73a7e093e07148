import { Subject } from 'rxjs'
import { channelName, type FeedChannel } from '../src/feeds/channelName.js'
import type { FeedEvent } from '../src/feeds/event.js'
import type { Feed } from '../src/feeds/feed.js'
import { Outlets } from '../src/feeds/outlets.js'

/** A feed that tells what a test tells it. */
export class MemoryFeed {
  readonly outlets = new Outlets()
  readonly #sent = new Subject<readonly [name: string, event: FeedEvent]>()
  /** The names of the channels that are open, sorted. */
  readonly open = new Set<string>()
  readonly feed: Feed = this.outlets.feed((channel, tell) => {
    const name = channelName(channel)
    this.open.add(name)
    const subscription = this.#sent.subscribe(([to, event]) => to === name && tell(event))
    return () => {
      this.open.delete(name)
      subscription.unsubscribe()
    }
  })

  /** Tells an event on a channel, if it is open. */
  send(channel: FeedChannel, event: FeedEvent): void {
    this.#sent.next([channelName(channel), event])
  }
}
