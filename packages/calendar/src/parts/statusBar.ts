import type { RealtimeState, Status, StatusFacts } from '@tidemark/core'
import { clockText, countText, type SyncUi } from './syncUi.js'

export type Tone = 'good' | 'busy' | 'warn' | 'bad'

/** One thing that is true whatever the status is. */
export interface StatusFact {
  readonly name: 'pending' | 'parked' | 'quarantined' | 'time' | 'realtime' | 'follower' | 'mode'
  readonly text: string
  readonly tone: Tone
}

/** A status as people read it. */
export interface StatusView {
  readonly name: Status['name']
  readonly label: string
  /** What is going on and what can be done. */
  readonly hint: string
  readonly tone: Tone
  readonly facts: readonly StatusFact[]
  /** Whether asking to sync now makes sense. */
  readonly canSync: boolean
}

const tones: Readonly<Record<Status['name'], Tone>> = {
  stopped: 'warn',
  starting: 'busy',
  offline: 'warn',
  syncing: 'busy',
  synced: 'good',
  retrying: 'warn',
  'needs-sign-in': 'bad',
  'storage-blocked': 'bad',
  'storage-failed': 'bad',
}

/** What a status bar shows; no status yet is one that is starting. */
export function statusView(status: Status | undefined, ui: SyncUi): StatusView {
  const { name } = status ?? ({ name: 'starting' } as const)
  const { names, hints } = ui.messages.sync.status
  return {
    name,
    label: names[name],
    hint: hints[name],
    tone: tones[name],
    facts: status && 'pending' in status ? factsOf(status, ui) : [],
    canSync: name === 'synced' || name === 'retrying' || name === 'syncing',
  }
}

function factsOf(status: StatusFacts & Status, ui: SyncUi): StatusFact[] {
  const { status: words } = ui.messages.sync
  const counted = (name: 'pending' | 'parked' | 'quarantined', tone: Tone): StatusFact[] =>
    status[name] === 0 ? [] : [{ name, tone, text: words[name](countText(status[name], ui)) }]
  const follower: StatusFact = { name: 'follower', tone: 'good', text: words.follower }
  return [
    ...counted('pending', 'busy'),
    ...counted('parked', 'bad'),
    ...counted('quarantined', 'warn'),
    ...timeOf(status, ui),
    ...realtimeOf(status, ui),
    ...(status.leader ? [] : [follower]),
    ...modeOf(status, ui),
  ]
}

function timeOf(status: Status, ui: SyncUi): StatusFact[] {
  const { at, until } = ui.messages.sync.status
  if (status.name === 'synced') return [{ name: 'time', tone: 'good', text: at(clockText(status.at, ui)) }]
  if (status.name === 'retrying')
    return [{ name: 'time', tone: 'warn', text: until(clockText(status.until, ui)) }]
  return []
}

/** Live changes are told of only while they should come and do not: followers and devices without a network have none. */
function realtimeOf({ name, realtime }: StatusFacts & Status, ui: SyncUi): StatusFact[] {
  const { joining, lost } = ui.messages.sync.status
  const texts: Partial<Record<RealtimeState, string>> = { joining, lost }
  const text = texts[realtime]
  if (text === undefined || name === 'offline' || name === 'needs-sign-in') return []
  return [{ name: 'realtime', tone: realtime === 'lost' ? 'warn' : 'busy', text }]
}

function modeOf({ modes }: StatusFacts, ui: SyncUi): StatusFact[] {
  const all = Object.values(modes)
  if (all.length === 0) return []
  const plain = all.includes('plain')
  const { plain: effort, exact } = ui.messages.sync.status
  return [{ name: 'mode', tone: plain ? 'warn' : 'good', text: plain ? effort : exact }]
}
