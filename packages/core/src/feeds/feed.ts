import type { Observable } from 'rxjs'
import type { Stream } from '../streams/stream.js'
import type { FeedChannel } from './channelName.js'
import type { FeedEvent, FeedProblem } from './event.js'

/** How a feed is connected. */
export type FeedState =
  /** Nobody listens. */
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  | { readonly name: 'open' }
  /** The connection is gone; it is tried again by itself. */
  | { readonly name: 'lost' }
  /** It was tried often enough: from now on `missed$` emits at intervals instead. */
  | { readonly name: 'polling' }
  /** The server does not accept the user's token. */
  | { readonly name: 'needs-sign-in'; readonly reason: string }
  | { readonly name: 'closed' }

/**
 * Where events come from. A feed never fails: how it is doing is its state, and what cannot be read is a problem.
 * One conformance suite runs against every implementation.
 */
export interface Feed {
  /**
   * The events of a channel, checked, while there is a subscriber; many subscribers share one subscription at the server.
   * Completes when the feed is closed.
   */
  readonly listen: (channel: FeedChannel) => Observable<FeedEvent>
  readonly state$: Stream<FeedState>
  /**
   * Emits a channel of which events may have been missed until now: when the server has begun to tell of it, which is later
   * than a view's first fetch, and after each gap. `undefined`: any channel.
   */
  readonly missed$: Observable<FeedChannel | undefined>
  /** Emits what could not be read; it was dropped. */
  readonly problem$: Observable<FeedProblem>
  /**
   * Whether the channel of a list tells of updates of its documents. Where it tells only of those that come and go, who shows a
   * list listens to each of its documents. Default: true.
   */
  readonly listsTellUpdates?: boolean
  /** Ends all connections for good. */
  readonly close: () => void
}
