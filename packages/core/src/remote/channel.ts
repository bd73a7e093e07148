import type { Ports, Stop } from '../base/ports.js'
import { backoff } from './backoff.js'
import type { ChannelState } from './remote.js'

/** What the realtime client says of a channel; `missed`: it is joined, and rows may have changed unheard. */
export type ChannelWord = 'SUBSCRIBED' | 'CHANNEL_ERROR' | 'TIMED_OUT' | 'CLOSED' | 'missed'

export interface ChannelHandle {
  close(): Promise<void>
}

export interface SuperviseOptions {
  readonly ports: Pick<Ports, 'timer' | 'random'>
  /** Opens the channel once; `say` is called with what happens to it. */
  readonly open: (say: (word: ChannelWord) => void) => Promise<ChannelHandle>
  /** Renews the session: an expired token is why servers close channels. */
  readonly refresh: () => Promise<boolean>
  readonly state: (state: ChannelState) => void
}

/**
 * Keeps a channel open until it is stopped.
 *
 *   opening ── SUBSCRIBED ──► joined ── CHANNEL_ERROR, TIMED_OUT ──► lost      (the client rejoins by itself)
 *      ▲                        ▲                                     │
 *      │                        └────────────── SUBSCRIBED ───────────┘
 *      │                     CLOSED, not by us: final for the client
 *      └── backoff ── refresh the session ◄─────────┘
 */
export function superviseChannel({ ports, open, refresh, state }: SuperviseOptions): Stop {
  let stopped = false
  let attempt = 0
  let round = 0
  let handle: ChannelHandle | undefined
  let stopTimer: Stop | undefined

  const hear = (of: number, word: ChannelWord): void => {
    if (stopped || of !== round) return
    if (word === 'SUBSCRIBED' || word === 'missed') {
      attempt = 0
      state('joined')
    } else {
      state('lost')
      if (word === 'CLOSED') again()
    }
  }
  const start = async (): Promise<void> => {
    round += 1
    const current = round
    state('joining')
    try {
      const opened = await open((word) => hear(current, word))
      // Stopped, or replaced, while it was opened.
      if (stopped || current !== round) await opened.close()
      else handle = opened
    } catch {
      // No token or no network: the state says so, and it is tried again.
      hear(current, 'CLOSED')
    }
  }
  const again = (): void => {
    round += 1
    const old = handle
    handle = undefined
    const delay = backoff(attempt, () => ports.random())
    attempt += 1
    stopTimer = ports.timer(delay, () => void reopen(old))
  }
  const reopen = async (old: ChannelHandle | undefined): Promise<void> => {
    await old?.close()
    // A refresh that fails is tried again with the next opening.
    await refresh().catch(() => false)
    if (!stopped) await start()
  }

  void start()
  return () => {
    stopped = true
    stopTimer?.()
    void handle?.close()
  }
}
