import type { CalendarApp } from '../domain/calendar.js'
import { ar } from './messages/ar.js'
import { de } from './messages/de.js'
import { en, type Messages } from './messages/en.js'
import { ja } from './messages/ja.js'

/** Where the components stand: what they say, how, in which zone, and of which calendar. */
export interface CalendarUi {
  /** BCP 47. */
  readonly locale: string
  readonly messages: Messages
  readonly direction: 'ltr' | 'rtl'
  /** IANA name of the zone that times are shown in. */
  readonly timeZone: string
  /** The present, in ms since the epoch. */
  readonly clock: () => number
  /** The calendar of components that are given none. */
  readonly calendar?: CalendarApp | undefined
}

export interface CalendarUiOptions extends Partial<
  Pick<CalendarUi, 'locale' | 'timeZone' | 'clock' | 'calendar'>
> {
  /** Own words in place of those of the language. */
  readonly messages?: Messages | undefined
}

/** The languages that the components speak. */
export const languages = { en, de, ar, ja }

/**
 * Says where components stand. A locale whose language is not spoken here is formatted as it should be, in English words.
 *
 * @param options what differs from the browser's own language, zone and clock
 */
export function calendarUi({
  locale,
  messages,
  timeZone,
  clock = Date.now,
  calendar,
}: CalendarUiOptions = {}): CalendarUi {
  const own = new Intl.DateTimeFormat(locale).resolvedOptions()
  const language = own.locale.split('-')[0] ?? 'en'
  return {
    locale: own.locale,
    messages: messages ?? languageOf(language),
    direction: rightToLeft.has(language) ? 'rtl' : 'ltr',
    timeZone: timeZone ?? own.timeZone,
    clock,
    calendar,
  }
}

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur'])

const languageOf = (language: string): Messages =>
  Object.entries(languages).find(([name]) => name === language)?.[1] ?? en

/** The calendar that a component was given, or the one that stands around it. */
export function mustCalendar(given: CalendarApp | undefined, { calendar }: CalendarUi): CalendarApp {
  const found = given ?? calendar
  if (!found)
    throw new TypeError(
      'No calendar: pass `calendar` to the component, or set it in the calendar ui around it.',
    )
  return found
}
