import { browserPorts } from '../base/browserPorts.js'
import type { Stop } from '../base/ports.js'
import type { Feed } from './feed.js'
import { Outlets } from './outlets.js'
import { PubsubLink, type PubsubLinkOptions } from './pubsubLink.js'
import { PubsubNews } from './pubsubNews.js'
import type { MakeSocket } from './pubsubSocket.js'

export interface PubsubFeedOptions extends Pick<PubsubLinkOptions, 'token'> {
  /** The address of the service: `wss://…`. */
  readonly url: string
  /** How often it is said that something may have been missed while no connection can be made, in ms. Default: 60,000. */
  readonly pollEvery?: number
  /** Default: the platform's own WebSocket. */
  readonly makeSocket?: MakeSocket
  readonly ports?: PubsubLinkOptions['ports']
}

/** How long a connection that nobody needs stays open, in ms: the next page may need it. */
const linger = 1_000

/**
 * The PubSub service as a feed: one socket for all channels, held while there are any.
 *
 * @example
 * pubsubFeed({ url: 'wss://pubsub.example.com', token: async () => (await supabase.auth.getSession()).data.session?.access_token })
 */
export function pubsubFeed(options: PubsubFeedOptions): Feed {
  const { ports = browserPorts, pollEvery = 60_000, makeSocket = platformSocket } = options
  const outlets = new Outlets()
  const link: PubsubLink = new PubsubLink({
    ...options,
    ports,
    pollEvery,
    makeSocket,
    outlets,
    hear: (message) => news.hear(message),
  })
  const news = new PubsubNews(outlets, link)
  let listeners = 0
  let stopTimer: Stop | undefined
  const stop = (): void => {
    stopTimer?.()
    link.stop()
    news.forget()
  }
  const feed = outlets.feed((channel, tell) => {
    listeners += 1
    stopTimer?.()
    const leave = news.channels.add(channel, tell)
    link.start()
    return () => {
      leave()
      listeners -= 1
      if (listeners === 0) stopTimer = ports.timer(linger, stop)
    }
  }, stop)
  return { ...feed, listsTellUpdates: false }
}

const platformSocket: MakeSocket = (url, protocols) => new WebSocket(url, protocols)
