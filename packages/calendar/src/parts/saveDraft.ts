import type { CalendarApp } from '../domain/calendar.js'
import { eventOf, personalOf, type EventDraft } from './eventDraft.js'

/** A draft of an event that is there, and what it was made on. */
export interface EventChange {
  readonly id: string
  /** Only the owner's words about the event itself are written; the server would refuse anyone else's. */
  readonly mine: boolean
  readonly base: EventDraft
}

/**
 * Writes what a draft says: a new event, or the changed columns of one. Resolves when it is durable on this device, with the
 * event's id.
 *
 * @throws ValidationError, GuardError, StorageError; nothing is written then
 */
export async function saveDraft(
  calendar: CalendarApp,
  draft: EventDraft,
  timeZone: string,
  change?: EventChange,
): Promise<string> {
  if (!change) return calendar.createEvent({ ...eventOf(draft, timeZone), personal: personalOf(draft) })
  const { id, mine, base } = change
  const patch = mine ? changed(eventOf(base, timeZone), eventOf(draft, timeZone)) : {}
  const personal = changed(personalOf(base), personalOf(draft))
  await Promise.all([
    ...(Object.keys(patch).length > 0 ? [calendar.updateEvent(id, patch)] : []),
    ...(Object.keys(personal).length > 0 ? [calendar.updatePersonal(id, personal)] : []),
  ])
  return id
}

/** The parts of `next` that differ from `previous`, so that only what was edited is written. */
function changed<T extends object>(previous: T, next: T): Partial<T> {
  const entries = Object.entries(next).filter(
    ([name, value]) => (previous as Record<string, unknown>)[name] !== value,
  )
  return Object.fromEntries(entries) as Partial<T>
}
