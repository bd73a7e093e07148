import { distinctUntilChanged, share, skip, type Observable } from 'rxjs'
import { browserPorts } from '../base/browserPorts.js'
import type { Stop } from '../base/ports.js'
import { authOf, type Auth } from '../remote/authSession.js'
import {
  superviseChannel,
  type ChannelHandle,
  type ChannelWord,
  type SuperviseOptions,
} from '../remote/channel.js'
import type { ChannelState, SessionUser } from '../remote/remote.js'
import { channelName, type FeedChannel } from './channelName.js'
import type { FeedEvent } from './event.js'
import type { Feed, FeedState } from './feed.js'
import { Outlets } from './outlets.js'
import type { FeedTable } from './rowEvent.js'
import { SupabaseChannel, type FeedClient } from './supabaseChannel.js'

export interface SupabaseFeedOptions {
  /**
   * Where the documents of each type lie: their channels tell of changes of these tables. Left out, or for other types:
   * channels tell of what is broadcast to them alone.
   */
  readonly types?: Readonly<Record<string, FeedTable>>
  /** Whether the channels are private: policies on `realtime.messages` say who may listen. Default: false. */
  readonly private?: boolean
  readonly ports?: SuperviseOptions['ports']
}

/**
 * Supabase Realtime as a feed. A channel tells of changes of its type's table (`postgres_changes`), and of events, and of changes by
 * `realtime.broadcast_changes`, that are broadcast to the channel of its name.
 *
 * @example
 * supabaseFeed(supabase, { types: { wo: { table: 'work_orders', factoryId: 'factory_id' } } })
 */
export function supabaseFeed(client: FeedClient, options: SupabaseFeedOptions = {}): Feed {
  const channels = new Channels(client, options)
  return channels.outlets.feed((channel, tell) => channels.open(channel, tell))
}

type State = ChannelState | 'needs-sign-in'
type Join = SuperviseOptions['open']

class Channels {
  readonly outlets = new Outlets()
  readonly #client: FeedClient
  readonly #options: SupabaseFeedOptions
  readonly #auth: Auth
  /** Emits when another user, or none, is signed in. */
  readonly #user$: Observable<SessionUser>
  readonly #states = new Map<string, State>()
  /** Channels that are being left: asked for one of them, realtime-js would answer with the old one. */
  readonly #leaving = new Map<string, Promise<unknown>>()

  constructor(client: FeedClient, options: SupabaseFeedOptions) {
    this.#client = client
    this.#options = options
    this.#auth = authOf(client.auth)
    this.#user$ = this.#auth.session$.pipe(distinctUntilChanged(), skip(1), share())
  }

  open(channel: FeedChannel, tell: (event: FeedEvent) => void): Stop {
    const { types = {}, private: isPrivate = false } = this.#options
    const name = channelName(channel)
    const tables = Object.entries(types).map(([type, table]) => ({ ...table, type }))
    const { outlets } = this
    const one = new SupabaseChannel({
      client: this.#client,
      channel,
      tables,
      private: isPrivate,
      tell,
      outlets,
    })
    const join = this.#afterLeaving(name, (say) => one.join(say))
    let stop = this.#supervise(name, join)
    const renewed = this.#user$.subscribe(() => {
      stop()
      stop = this.#supervise(name, join)
    })
    return () => {
      renewed.unsubscribe()
      stop()
      this.#states.delete(name)
      this.#tellState()
    }
  }

  #supervise(name: string, open: Join): Stop {
    const state = (next: State): void => {
      this.#states.set(name, next)
      this.#tellState()
    }
    const refresh = async (): Promise<boolean> => {
      const renewed = await this.#auth.refresh()
      if (!renewed) state('needs-sign-in')
      return renewed
    }
    return superviseChannel({ ports: this.#options.ports ?? browserPorts, open, refresh, state })
  }

  #afterLeaving(name: string, join: (say: (word: ChannelWord) => void) => Promise<ChannelHandle>): Join {
    return async (say) => {
      await this.#leaving.get(name)
      const handle = await join(say)
      // A channel that cannot be left properly is gone when its socket closes.
      const close = async (): Promise<void> => {
        const left = handle.close().catch(() => undefined)
        this.#leaving.set(name, left)
        await left
        if (this.#leaving.get(name) === left) this.#leaving.delete(name)
      }
      return { close }
    }
  }

  #tellState(): void {
    const states = new Set(this.#states.values())
    const worst = (['needs-sign-in', 'lost', 'joining', 'joined'] as const).find((state) => states.has(state))
    this.outlets.state = worst === undefined ? { name: 'idle' } : feedStates[worst]
  }
}

const feedStates: Readonly<Record<State, FeedState>> = {
  'needs-sign-in': { name: 'needs-sign-in', reason: 'The session has expired.' },
  lost: { name: 'lost' },
  joining: { name: 'connecting' },
  joined: { name: 'open' },
}
