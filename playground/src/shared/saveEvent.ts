import type { CalendarApp, EventDto } from '@tidemark/calendar'
import { draftOfEvent, edited, eventOf, personalOf, type EventDraft } from './eventDraft.js'

/** Writes what the editor changed: a new event, or the changed parts of one. */
export async function saveEvent(
  calendar: CalendarApp,
  event: EventDto | undefined,
  draft: EventDraft,
): Promise<void> {
  if (!event) {
    await calendar.createEvent({ ...eventOf(draft), personal: personalOf(draft) })
    return
  }
  const before = draftOfEvent(event)
  const patch = edited(eventOf(before), eventOf(draft))
  const personal = edited(personalOf(before), personalOf(draft))
  await Promise.all([
    ...(Object.keys(patch).length > 0 ? [calendar.updateEvent(event.id, patch)] : []),
    ...(Object.keys(personal).length > 0 ? [calendar.updatePersonal(event.id, personal)] : []),
  ])
}

/** The editor's choices, with the words that people read. */
export const choices = {
  show_time_as: {
    free: 'Free',
    tentative: 'Tentative',
    busy: 'Busy',
    oof: 'Out of office',
    working_elsewhere: 'Working elsewhere',
  },
  time_defense_level: { flexible: 'Flexible', normal: 'Normal', high: 'High', hard_block: 'Hard block' },
  rsvp: { accepted: 'Accept', tentative: 'Maybe', declined: 'Decline' },
} as const
