import type { CalendarApp } from '@tidemark/calendar'
import { parseIcs } from '../import/parseIcs.js'

/** How far an import reaches around the range that is shown, in ms: a year each way. */
const reach = 365 * 86_400_000

/**
 * Imports a calendar file: events of a year around the range shown. Resolves with a sentence that says what was done.
 *
 * @throws IcsError that names the line, before anything is written.
 */
export async function importFile(
  calendar: CalendarApp,
  file: File,
  range: { from: number; to: number },
): Promise<string> {
  const window = { from: new Date(range.from - reach), to: new Date(range.to + reach) }
  const { events, truncated } = parseIcs(await file.text(), window)
  await Promise.all(
    events.map((event) =>
      calendar.createEvent({
        title: event.title,
        agenda: event.agenda,
        start_time: event.start.toISOString(),
        duration: event.durationMinutes,
        all_day: event.allDay,
        private: event.private,
        personal: { show_time_as: event.showTimeAs },
      }),
    ),
  )
  const counted = `${String(events.length)} ${events.length === 1 ? 'event' : 'events'} imported from ${file.name}`
  return truncated ? `${counted}; there are more than can be imported at once.` : `${counted}.`
}
