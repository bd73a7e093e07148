import type { Status, StatusFacts, Stream } from '@tidemark/core'
import type { CalendarApp } from '../domain/calendar.js'
import { Subject } from 'rxjs'
import { makeState } from './state.js'
import { countText, type SyncUi } from './syncUi.js'

/** A result of synchronising that is worth being told aloud. */
export type Told =
  | { readonly name: 'sent' | 'online' }
  | { readonly name: 'refused'; readonly count: number }
  | { readonly name: 'status'; readonly status: Status['name'] }

/** What was told last. */
export interface Telling {
  /** What synchronising came to. */
  readonly told: Told | undefined
  /** What became of what the user did, in words. */
  readonly said: string
}

/** What components have announcers of their calendar say. */
const sayings = new WeakMap<CalendarApp, Subject<string>>()

/** Has the announcer of a calendar say what became of what the user did. */
export const announce = (calendar: CalendarApp, said: string): void => sayingsOf(calendar).next(said)

function sayingsOf(calendar: CalendarApp): Subject<string> {
  const known = sayings.get(calendar) ?? new Subject<string>()
  sayings.set(calendar, known)
  return known
}

/** What was told last, of a calendar; follows it while it is watched. */
export function announcer(calendar: CalendarApp): Stream<Telling> {
  const { status$ } = calendar.tide
  const state = makeState<Telling>({ told: undefined, said: '' }, () => {
    let before = status$.current
    const said = sayingsOf(calendar).subscribe((next) => state.set({ said: next }))
    const stop = status$.watch(() => {
      const after = status$.current
      const told = toldOf(before, after)
      // A text that stands there already is not read again, so what earlier writes came to goes when there are new ones.
      const isOver = writesBegin(before, after) && state.get().told?.name !== 'status'
      before = after
      if (told) state.set({ told })
      else if (isOver) state.set({ told: undefined })
    })
    return () => {
      said.unsubscribe()
      stop()
    }
  })
  return state.stream
}

/** What a change of the status means to the user; nothing when it is of no interest. */
export function toldOf(before: Status | undefined, after: Status | undefined): Told | undefined {
  if (!after || !before) return undefined
  const change = { was: countsOf(before), is: countsOf(after) }
  if (change.is.parked > change.was.parked) return { name: 'refused', count: change.is.parked }
  if (worthTelling.has(after.name) && after.name !== before.name)
    return { name: 'status', status: after.name }
  if (allSent(change)) return { name: 'sent' }
  return worthTelling.has(before.name) && after.name === 'synced' ? { name: 'online' } : undefined
}

const writesBegin = (before: Status | undefined, after: Status | undefined): boolean =>
  before !== undefined && after !== undefined && countsOf(before).pending === 0 && countsOf(after).pending > 0

const allSent = ({ was, is }: { was: Counts; is: Counts }): boolean => was.pending > 0 && is.pending === 0

/** States that change what the user can rely on; syncing and synced come and go all the time. */
const worthTelling = new Set<Status['name']>([
  'offline',
  'retrying',
  'needs-sign-in',
  'storage-blocked',
  'storage-failed',
])

type Counts = Pick<StatusFacts, 'pending' | 'parked'>

/** What waits and what was refused; a status that does not know cannot tell of any change. */
const countsOf = (status: Status): Counts =>
  'pending' in status ? status : { pending: Number.NaN, parked: Number.NaN }

/** What is told, in words. */
export function toldText(told: Told | undefined, ui: SyncUi): string {
  const { told: words, status } = ui.messages.sync
  if (!told) return ''
  if (told.name === 'refused') return words.refused(countText(told.count, ui))
  if (told.name === 'status') return `${status.names[told.status]}. ${status.hints[told.status]}`
  return words[told.name]
}
