import ICAL from 'ical.js'
import { onLine } from './icsError.js'
import { instantOfTime } from './properties.js'
import type { SourceEvent } from './readEvent.js'

/** How much work an import may still do; a file of a few lines can ask for more than a day has seconds. */
export interface Budget {
  /** Candidates that may still be looked at. */
  steps: number
  /** Occurrences of one event that are of use. */
  readonly limit: number
  /** Set when something was left out. */
  exhausted: boolean
}

/** A piece of time, in ms since the epoch. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Ends a search for a day that never comes, such as the 30th of February; `ical.js` would go on for ever. */
class SearchEnded extends Error {}

/**
 * The beginnings of an event, in no order and each once. Of those that its rules make, only the ones that reach into a window.
 *
 * @throws IcsError on the line of a rule that contradicts itself
 */
export function beginnings(event: SourceEvent, window: Span, budget: Budget): ICAL.Time[] {
  const excluded = new Set(event.excluded.map(occurrenceKey))
  const found = new Map<string, ICAL.Time>()
  const add = (time: ICAL.Time): void => {
    if (!excluded.has(occurrenceKey(time)) && !excluded.has(dayKey(time)))
      found.set(occurrenceKey(time), time)
  }
  // The first is an occurrence even where the rule would not say so.
  for (const time of [event.start, ...event.added]) add(time)
  if (instantOfTime(event.start) >= window.to) return [...found.values()]
  const take = (time: ICAL.Time): void => {
    if (instantOfTime(time) + event.minutesFrom(time) * 60_000 > window.from) add(time)
    if (found.size > budget.limit) exhaust(budget)
  }
  for (const { rule, line } of event.rules) {
    onLine(line, 'RRULE contradicts itself.', () => follow(rule, event.start, window.to, budget, take))
  }
  return [...found.values()]
}

/** Names an occurrence: by its instant, however its zone is written; an all-day one by its day. */
export const occurrenceKey = (time: ICAL.Time): string =>
  time.isDate ? dayKey(time) : String(instantOfTime(time))

/** Some programs name an occurrence that has a time by its day alone. */
export const dayKey = (time: ICAL.Time): string =>
  `${String(time.year)}-${String(time.month)}-${String(time.day)}`

function follow(
  rule: ICAL.Recur,
  start: ICAL.Time,
  until: number,
  budget: Budget,
  add: (time: ICAL.Time) => void,
): void {
  try {
    const iterator = bounded(rule, start, until, budget)
    for (let time = iterator.next(); time; time = iterator.next()) {
      if (instantOfTime(time) >= until) return
      if (obeys(rule, start, time)) add(time.clone())
    }
  } catch (error) {
    if (!(error instanceof SearchEnded)) throw error
  }
}

/** A rule's iterator that looks no further than the year after the window, and no longer than the budget. */
function bounded(rule: ICAL.Recur, start: ICAL.Time, until: number, budget: Budget): ICAL.RecurIterator {
  const lastYear = new Date(until).getUTCFullYear() + 1
  const own = rule.clone()
  own.interval = Math.min(own.interval, intervalPast(own.freq, until - instantOfTime(start)))
  if (!own.until || own.until.year > lastYear) {
    own.until = new ICAL.Time({ year: lastYear, month: 12, day: 31, isDate: true }, ICAL.Timezone.utcTimezone)
  }
  const iterator = own.iterator(start)
  const check = iterator.check_contracting_rules.bind(iterator)
  iterator.check_contracting_rules = () => {
    if (iterator.last.year > lastYear) throw new SearchEnded()
    spend(budget)
    return check()
  }
  return iterator
}

const dayMs = 86_400_000
/** The shortest that each can be, in ms. */
const units: Readonly<Record<string, number>> = {
  YEARLY: 365 * dayMs,
  MONTHLY: 28 * dayMs,
  WEEKLY: 7 * dayMs,
  DAILY: dayMs,
  HOURLY: 3_600_000,
  MINUTELY: 60_000,
  SECONDLY: 1_000,
}

/** An interval that leaves a span at one go, as every longer one does; `ical.js` would count a billion weeks day by day. */
const intervalPast = (frequency: string, span: number): number =>
  Math.ceil(span / (units[frequency] ?? 1_000)) + 1

function spend(budget: Budget): void {
  budget.steps -= 1
  if (budget.steps < 0) exhaust(budget)
}

function exhaust(budget: Budget): never {
  budget.exhausted = true
  throw new SearchEnded()
}

const dayParts = ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO']

/** RFC 5545 passes over days that a month does not have; `ical.js` makes the 29th of February the 1st of March. */
function obeys(rule: ICAL.Recur, start: ICAL.Time, { month, day }: ICAL.Time): boolean {
  const parts = rule.parts as Record<string, unknown[] | undefined>
  if (parts.BYMONTH && !parts.BYMONTH.map(Number).includes(month)) return false
  if (rule.freq !== 'YEARLY' && rule.freq !== 'MONTHLY') return true
  if (dayParts.some((part) => part in parts)) return true
  return (
    day === start.day && (rule.freq === 'MONTHLY' || parts.BYMONTH !== undefined || month === start.month)
  )
}
