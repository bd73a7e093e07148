import type { EventDto } from '../domain/eventDto.js'
import type { EventUi } from './eventUi.js'

type Times = Pick<EventDto, 'start_timestamp_ms' | 'end_timestamp_ms' | 'all_day'>

/** Characters that a title could use to turn or break the text around it: control, line and bidirectional ones. */
const unruly = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu

/** A title as it is shown: one line, which changes nothing around it; never empty. */
export function titleText(title: string, { messages }: EventUi): string {
  const shown = title.replace(unruly, ' ').replace(/\s+/gu, ' ').trim()
  return shown === '' ? messages.events.chip.untitled : shown
}

/** When an event is, in the user's zone: date and time, whole. */
export function whenText(event: Times, ui: EventUi): string {
  if (event.all_day) return `${dayText(event, ui)}, ${ui.messages.events.chip.allDay}`
  return format(ui, 'moment').formatRange(event.start_timestamp_ms, event.end_timestamp_ms)
}

/**
 * The times of day alone, in the user's zone or another one. An event that ends on another day says which:
 * `22:00 – Sat 08:00`, or its date when the weekday could be that of another week.
 */
export function timeText(event: Times, ui: EventUi): string {
  if (event.all_day) return ui.messages.events.chip.allDay
  const { start_timestamp_ms: start, end_timestamp_ms: end } = event
  const times = format(ui, 'time')
  if (isOfOneDay(event, ui)) return times.formatRange(start, end)
  const withDay = format(ui, end - start < 6 * dayLength ? 'weekdayTime' : 'dateTime')
  const shared = withDay.formatRangeToParts(start, end).filter(({ source }) => source === 'shared')
  return `${times.format(start)}${shared.map(({ value }) => value).join('')}${withDay.format(end)}`
}

/** When it begins, in the user's zone; nothing for an event that lasts all day. */
export const startText = (event: Times, ui: EventUi): string | undefined =>
  event.all_day ? undefined : format(ui, 'time').format(event.start_timestamp_ms)

/** What completes `timeText`: the day where that says times only, else date and time. */
export function restOfWhenText(event: Times, ui: EventUi): string {
  return event.all_day || isOfOneDay(event, ui) ? dayText(event, ui) : whenText(event, ui)
}

/** The day or days of an event; those of one that lasts all day are the same in every zone. */
function dayText(event: Times, ui: EventUi): string {
  const { start_timestamp_ms: start, end_timestamp_ms: end, all_day } = event
  const days = format(all_day ? { ...ui, timeZone: 'UTC' } : ui, 'day')
  return days.formatRange(start, all_day ? Math.max(start, end - 1) : end)
}

function isOfOneDay({ start_timestamp_ms: start, end_timestamp_ms: end }: Times, ui: EventUi): boolean {
  const days = format(ui, 'day')
  return days.format(start) === days.format(end)
}

/** A zone as people say it: `Tokyo`. */
export const zoneText = (timeZone: string): string =>
  timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone

const dayLength = 86_400_000
const styles = {
  day: { dateStyle: 'medium' },
  time: { timeStyle: 'short' },
  moment: { dateStyle: 'medium', timeStyle: 'short' },
  weekdayTime: { weekday: 'short', hour: 'numeric', minute: '2-digit' },
  dateTime: { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs far more than using it, and a month shows hundreds of times. */
function format({ locale, timeZone }: EventUi, style: keyof typeof styles): Intl.DateTimeFormat {
  const key = `${locale}|${timeZone}|${style}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...styles[style], timeZone })
  formats.set(key, made)
  return made
}
