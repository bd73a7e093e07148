import type ICAL from 'ical.js'
import { componentTree, type IcsComponent } from './componentTree.js'
import { onLine } from './icsError.js'
import { beginnings, type Budget, dayKey, occurrenceKey, type Span } from './occurrences.js'
import { instantOfTime, wordOf } from './properties.js'
import { type EventFacts, readEvent, type SourceEvent } from './readEvent.js'
import { zonesOf } from './zones.js'

/** An event of a calendar file: one row, or one of the rows that a series is in the window. */
export interface IcsEvent extends EventFacts {
  /** The file's name for the event; all occurrences of a series share it. */
  readonly uid: string
  readonly start: Date
  /** From 1 to 44,640. */
  readonly durationMinutes: number
  /** All-day events begin on a midnight of UTC and last whole days. */
  readonly allDay: boolean
}

export interface IcsResult {
  /** In the order in which they begin. */
  readonly events: readonly IcsEvent[]
  /** True when there were more than the limit, or a rule asked for too much: something is left out. */
  readonly truncated: boolean
}

export interface IcsOptions {
  /** How many events at most. Default: 5,000. */
  readonly limit?: number
  /** The IANA zone of times that name none. Default: this device's. */
  readonly zone?: string
}

/** Candidates that rules may produce, inside the window and before it: daily for half a century. */
const steps = 20_000

/**
 * Reads an iCalendar file (RFC 5545) as Google, Apple, Outlook and others write it. Series are expanded within the window,
 * with their exceptions; cancelled events are left out; an occurrence that a program changed for "this and future" ones is
 * changed alone.
 *
 * @param window events that lie in it, even in part
 * @throws IcsError with the number of the line that is broken
 */
export function parseIcs(
  text: string,
  window: { from: Date; to: Date },
  options: IcsOptions = {},
): IcsResult {
  const { limit = 5_000, zone = Intl.DateTimeFormat().resolvedOptions().timeZone } = options
  const budget: Budget = { steps, limit, exhausted: false }
  const found = componentTree(text)
    .filter((calendar) => wordOf(calendar, 'method') !== 'CANCEL')
    .flatMap((calendar) => readEvents(calendar, zone))
  const events = [...seriesOf(found).values()]
    .flatMap((series) => rowsOf(series, { from: +window.from, to: +window.to }, budget))
    .filter((row) => overlaps(row, window))
    .sort((a, b) => +a.start - +b.start)
  return { events: events.slice(0, limit), truncated: budget.exhausted || events.length > limit }
}

function readEvents(calendar: IcsComponent, zone: string): SourceEvent[] {
  const zones = zonesOf(calendar, zone)
  return calendar.children
    .filter(({ name }) => name === 'vevent')
    .map((event) => onLine(event.line, 'This event cannot be read.', () => readEvent(event, zones)))
}

interface Series {
  /** Missing when a file holds an exception alone, as an invitation to one occurrence does. */
  main?: SourceEvent
  readonly changes: SourceEvent[]
}

/** Events with one UID belong together; of two that say the same, the later revision counts. */
function seriesOf(events: readonly SourceEvent[]): Map<string, Series> {
  const all = new Map<string, Series>()
  for (const event of events) {
    const series = all.get(event.uid) ?? { changes: [] }
    all.set(event.uid, series)
    if (event.replaces) series.changes.push(event)
    else if (!series.main || event.sequence >= series.main.sequence) series.main = event
  }
  return all
}

/** Whatever cannot be computed, a rule of a time zone that makes no sense for one, is told with the line of the event. */
function rowsOf(series: Series, window: Span, budget: Budget): IcsEvent[] {
  const { line } = series.main ?? series.changes[0] ?? { line: 1 }
  return onLine(line, 'The times of this event cannot be computed.', () =>
    computeRows(series, window, budget),
  )
}

function computeRows({ main, changes }: Series, window: Span, budget: Budget): IcsEvent[] {
  if (main?.cancelled) return []
  const changed = new Map<string, SourceEvent>()
  for (const change of changes) {
    const { replaces } = change
    if (!replaces) continue
    const key = occurrenceKey(replaces)
    if ((changed.get(key)?.sequence ?? 0) <= change.sequence) changed.set(key, change)
  }
  const unchanged = (time: ICAL.Time): boolean =>
    !changed.has(occurrenceKey(time)) && !changed.has(dayKey(time))
  const kept = main
    ? beginnings(main, window, budget)
        .filter(unchanged)
        .map((time) => toRow(main, time))
    : []
  const moved = [...changed.values()]
    .filter(({ cancelled }) => !cancelled)
    .map((change) => toRow(change, change.start))
  return [...kept, ...moved]
}

const toRow = ({ uid, facts, minutesFrom }: SourceEvent, start: ICAL.Time): IcsEvent => ({
  uid,
  ...facts,
  start: new Date(instantOfTime(start)),
  durationMinutes: minutesFrom(start),
  allDay: start.isDate,
})

const overlaps = ({ start, durationMinutes }: IcsEvent, { from, to }: { from: Date; to: Date }): boolean =>
  start < to && +start + durationMinutes * 60_000 > +from
