import type { CalendarTide } from './tide.js'

/** Archiving moves an event, for one user, into that user's archive calendar; nothing is deleted. */
export interface Archiving {
  /** The id of the signed-in user's archive calendar, made when there is none. */
  ensureArchivedCalendar(): Promise<string>
  archiveEvent(eventId: string): Promise<void>
  /** Files the event under no calendar again. */
  unarchiveEvent(eventId: string): Promise<void>
}

export function archiving(tide: CalendarTide): Archiving {
  const ensureArchivedCalendar = async (): Promise<string> => {
    const [archive] = await tide.tables.calendars.rows$({ where: { type: 'archive' } }).ready
    if (archive) return archive.id
    const made = await tide.tables.calendars.insert({
      name: 'Archived',
      color: 'gray',
      type: 'archive',
      visible: false,
    })
    return made.id
  }
  const file = async (eventId: string, calendarId: string | null): Promise<void> => {
    await tide.tables.eventDetails.upsert({ event_id: eventId, calendar_id: calendarId })
  }
  return {
    ensureArchivedCalendar,
    archiveEvent: async (eventId) => file(eventId, await ensureArchivedCalendar()),
    unarchiveEvent: (eventId) => file(eventId, null),
  }
}
