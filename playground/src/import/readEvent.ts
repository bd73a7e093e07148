import ICAL from 'ical.js'
import { cleanText, limits } from './cleanText.js'
import type { IcsComponent } from './componentTree.js'
import {
  findProperties,
  findProperty,
  instantOfTime,
  textOf,
  timeOf,
  timesOf,
  valuesOf,
  wordOf,
  type Zones,
} from './properties.js'
import { IcsError } from './icsError.js'

export type ShowTimeAs = 'free' | 'tentative' | 'busy' | 'oof' | 'working_elsewhere'

/** One VEVENT, read. */
export interface SourceEvent {
  readonly uid: string
  readonly line: number
  readonly sequence: number
  readonly cancelled: boolean
  readonly start: ICAL.Time
  /** The minutes of the event when it begins at a time, which clocks that change make differ. */
  readonly minutesFrom: (start: ICAL.Time) => number
  readonly rules: readonly { readonly rule: ICAL.Recur; readonly line: number }[]
  readonly added: readonly ICAL.Time[]
  readonly excluded: readonly ICAL.Time[]
  /** Which occurrence of its series this event stands in for. */
  readonly replaces: ICAL.Time | undefined
  readonly facts: EventFacts
}

/** What is the same for every occurrence. */
export interface EventFacts {
  readonly title: string
  readonly agenda: string | null
  readonly private: boolean
  readonly showTimeAs: ShowTimeAs
}

/**
 * Reads a VEVENT.
 *
 * @throws IcsError on the line that is broken
 */
export function readEvent(event: IcsComponent, zones: Zones): SourceEvent {
  const begins = findProperty(event, 'dtstart')
  if (!begins) throw new IcsError(event.line, 'The event has no DTSTART.')
  const start = timeOf(begins, zones)
  const replaced = findProperty(event, 'recurrence-id')
  const times = (name: string) => findProperties(event, name).flatMap((property) => timesOf(property, zones))
  return {
    uid: cleanText(textOf(event, 'uid'), 1_000) || `line-${String(event.line)}`,
    line: event.line,
    sequence: Number(findProperty(event, 'sequence')?.jCal[3]) || 0,
    cancelled: wordOf(event, 'status') === 'CANCELLED',
    start,
    minutesFrom: lengthOf(event, start, zones),
    rules: rulesOf(event),
    added: times('rdate'),
    excluded: times('exdate'),
    replaces: replaced && timeOf(replaced, zones),
    facts: factsOf(event),
  }
}

/** An end that is given makes every occurrence as long as the first; a duration counts days by the clock on the wall. */
function lengthOf(event: IcsComponent, start: ICAL.Time, zones: Zones): SourceEvent['minutesFrom'] {
  const ends = findProperty(event, 'dtend')
  if (ends) {
    const minutes = inBounds(
      (instantOfTime(timeOf(ends, zones)) - instantOfTime(start)) / 60_000,
      start.isDate,
    )
    return () => minutes
  }
  const lasts = findProperty(event, 'duration')
  if (!lasts) return () => inBounds(0, start.isDate)
  const [duration] = valuesOf(lasts)
  if (!(duration instanceof ICAL.Duration)) throw new IcsError(lasts.line, 'DURATION is not a duration.')
  return (from) => inBounds(minutesOf(duration, from), from.isDate)
}

function minutesOf(duration: ICAL.Duration, from: ICAL.Time): number {
  const sign = duration.isNegative ? -1 : 1
  const days = Math.min(duration.weeks * 7 + duration.days, 400)
  const until = from.clone()
  until.adjust(sign * days, 0, 0, 0)
  const rest = sign * (duration.hours * 60 + duration.minutes + duration.seconds / 60)
  return (instantOfTime(until) - instantOfTime(from)) / 60_000 + rest
}

/** Whole days for all-day events; at least one day or minute, and no more than the column takes. */
function inBounds(minutes: number, allDay: boolean): number {
  const unit = allDay ? 1_440 : 1
  return Math.min(Math.max(Math.round(minutes / unit) * unit || unit, unit), limits.minutes)
}

function rulesOf(event: IcsComponent): SourceEvent['rules'] {
  return findProperties(event, 'rrule').map((property) => {
    const [rule] = valuesOf(property)
    if (!(rule instanceof ICAL.Recur) || !rule.freq) throw new IcsError(property.line, 'RRULE is not a rule.')
    return { rule, line: property.line }
  })
}

function factsOf(event: IcsComponent): EventFacts {
  const place = textOf(event, 'location').trim()
  const agenda = cleanText([place, textOf(event, 'description')].filter(Boolean).join('\n\n'), limits.agenda)
  return {
    title: cleanText(textOf(event, 'summary'), limits.title) || 'Untitled',
    agenda: agenda === '' ? null : agenda,
    private: ['PRIVATE', 'CONFIDENTIAL'].includes(wordOf(event, 'class')),
    showTimeAs: showTimeAsOf(event),
  }
}

const outlook: Readonly<Record<string, ShowTimeAs>> = {
  FREE: 'free',
  TENTATIVE: 'tentative',
  BUSY: 'busy',
  OOF: 'oof',
  WORKINGELSEWHERE: 'working_elsewhere',
}

function showTimeAsOf(event: IcsComponent): ShowTimeAs {
  const said = outlook[wordOf(event, 'x-microsoft-cdo-busystatus')]
  if (said) return said
  if (wordOf(event, 'transp') === 'TRANSPARENT') return 'free'
  return wordOf(event, 'status') === 'TENTATIVE' ? 'tentative' : 'busy'
}
