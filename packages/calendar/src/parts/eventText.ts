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

/** When an event is, in the user's zone: date and time, as short as it can be said. */
export function whenText(event: Times, ui: EventUi): string {
  const { start_timestamp_ms: start, end_timestamp_ms: end, all_day } = event
  if (!all_day) return format(ui, { dateStyle: 'medium', timeStyle: 'short' }).formatRange(start, end)
  const days = format({ ...ui, timeZone: 'UTC' }, { dateStyle: 'medium' }).formatRange(start, lastDay(event))
  return `${days}, ${ui.messages.events.chip.allDay}`
}

/** The times of day alone, in the user's zone or another one. */
export function timeText(event: Times, ui: EventUi): string {
  if (event.all_day) return ui.messages.events.chip.allDay
  const { start_timestamp_ms: start, end_timestamp_ms: end } = event
  return format(ui, { timeStyle: 'short' }).formatRange(start, end)
}

/** A zone as people say it: `Tokyo`. */
export const zoneText = (timeZone: string): string =>
  timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone

/** The last instant of an all-day event's last day. */
const lastDay = ({ start_timestamp_ms: start, end_timestamp_ms: end }: Times): number =>
  Math.max(start, end - 1)

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs far more than using it, and a month shows hundreds of times. */
function format({ locale, timeZone }: EventUi, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = [locale, timeZone, options.dateStyle, options.timeStyle].join('|')
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone })
  formats.set(key, made)
  return made
}
