import { BehaviorSubject, ReplaySubject, Subject, takeUntil } from 'rxjs'
import { streamOf } from '../streams/stream.js'
import type { FeedChannel } from './channelName.js'
import type { FeedProblem } from './event.js'
import type { Feed, FeedState } from './feed.js'
import { shareChannels, type OpenChannel } from './shareChannels.js'

/** What a feed tells, apart from events. */
export class Outlets {
  readonly missed = new Subject<FeedChannel | undefined>()
  readonly problem = new Subject<FeedProblem>()
  readonly #state = new BehaviorSubject<FeedState>({ name: 'idle' })
  readonly #closed = new ReplaySubject<void>(1)

  get state(): FeedState {
    return this.#state.value
  }

  set state(state: FeedState) {
    const { name } = this.state
    if (name !== 'closed' && name !== state.name) this.#state.next(state)
  }

  /**
   * The feed that opens channels like this.
   *
   * @param closed called when it is closed and all its channels have been left
   */
  feed(open: OpenChannel, closed?: () => void): Feed {
    const listen = shareChannels(open)
    return {
      listen: (channel) => listen(channel).pipe(takeUntil(this.#closed)),
      state$: streamOf(this.#state),
      missed$: this.missed.asObservable(),
      problem$: this.problem.asObservable(),
      close: () => {
        this.#closed.next()
        closed?.()
        this.state = { name: 'closed' }
      },
    }
  }
}
