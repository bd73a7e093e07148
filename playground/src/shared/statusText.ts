import type { Status } from '@tidemark/core'

export type Tone = 'good' | 'busy' | 'warn' | 'bad'

/** A status as people read it. */
export interface StatusText {
  readonly label: string
  readonly tone: Tone
  /** What is going on and what can be done. */
  readonly hint: string
}

export function statusText(status: Status | undefined): StatusText {
  switch (status?.name) {
    case undefined:
    case 'stopped':
      return { label: 'Stopped', tone: 'warn', hint: 'Nobody is signed in.' }
    case 'starting':
      return { label: 'Starting', tone: 'busy', hint: 'Opening the local database.' }
    case 'offline':
      return {
        label: 'Offline',
        tone: 'warn',
        hint: 'Everything is kept here and sent when the network is back.',
      }
    case 'syncing':
      return { label: 'Syncing', tone: 'busy', hint: 'Local and server data are being made equal.' }
    case 'synced':
      return { label: 'Synced', tone: 'good', hint: 'Local and server data are equal.' }
    case 'retrying':
      return { label: 'Retrying', tone: 'warn', hint: status.error.message }
    case 'needs-sign-in':
      return {
        label: 'Sign in',
        tone: 'bad',
        hint: 'The session has ended. Writes are kept and sent after signing in.',
      }
    case 'storage-blocked':
      return {
        label: 'Blocked',
        tone: 'bad',
        hint: 'Close the other tabs of this app: they hold an older version.',
      }
    case 'storage-failed':
      return { label: 'Storage failed', tone: 'bad', hint: status.error.message }
  }
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
