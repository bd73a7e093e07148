import type { Status } from '@tidemark/core'

export type Tone = 'good' | 'busy' | 'warn' | 'bad'

/** A status as people read it. */
export interface StatusText {
  readonly label: string
  readonly tone: Tone
  /** What is going on and what can be done. */
  readonly hint: string
}

/** What the facts of a status come down to, in one line. */
export function factsText(status: Status | undefined): string {
  if (!status || !('pending' in status)) return ''
  const modes = new Set(Object.values(status.modes))
  return [
    `realtime ${status.realtime}`,
    status.leader ? 'leader' : 'follower',
    [...modes].map((mode) => (mode === 'plain' ? 'plain mode, best effort' : 'exact mode')).join(', '),
    ...(status.quarantined > 0 ? [`${status.quarantined} in quarantine`] : []),
  ].join(' · ')
}
