import type { Feed, FeedState } from '@tidemark/core/invalidation'
import type { Ports } from '@tidemark/core'
import { pubsubFeed } from '@tidemark/core/pubsub'
import { supabaseFeed } from '@tidemark/core/realtime'
import type { NetworkBench } from '../shared/bench.js'
import type { StatusText } from '../shared/statusText.js'

/** Where a device hears of changes. */
export type FeedKind = 'realtime' | 'pubsub'

export const feedNames: Readonly<Record<FeedKind, string>> = {
  realtime: 'Supabase Realtime',
  pubsub: 'PubSub service',
}

/** The page works in one scope; who sees what is decided by row level security. */
export const scope = 'demo'

export interface FeedMakings {
  readonly supabase: Parameters<typeof supabaseFeed>[0]
  readonly pubsubUrl: string
  readonly token: () => Promise<string | undefined>
  readonly bench: NetworkBench
  readonly ports: Ports
}

const types = {
  project: { table: 'project' },
  task: { table: 'task' },
  employee: { table: 'employee' },
}

export function openFeed(kind: FeedKind, { supabase, pubsubUrl, token, bench, ports }: FeedMakings): Feed {
  if (kind === 'realtime') return supabaseFeed(supabase, { types, ports })
  const makeSocket = (url: string, protocols: string[]): WebSocket => new bench.transport(url, protocols)
  return pubsubFeed({ url: pubsubUrl, token, makeSocket, ports })
}

/** The state of a feed as people read it. */
export function feedText(state: FeedState | undefined): StatusText {
  switch (state?.name) {
    case undefined:
    case 'idle':
    case 'closed':
      return { label: 'Idle', tone: 'warn', hint: 'Nothing is listened to.' }
    case 'connecting':
      return { label: 'Connecting', tone: 'busy', hint: 'The connection is being made.' }
    case 'open':
      return { label: 'Live', tone: 'good', hint: 'Changes by others show by themselves.' }
    case 'lost':
      return { label: 'Lost', tone: 'warn', hint: 'The connection is gone and is being tried again.' }
    case 'polling':
      return {
        label: 'Polling',
        tone: 'warn',
        hint: 'No connection can be made; what is shown is fetched now and then.',
      }
    case 'needs-sign-in':
      return { label: 'Sign in', tone: 'bad', hint: state.reason }
  }
}
