import type { Calendar, EventDto } from '@tidemark/calendar'

/** The events of calendars that are not hidden, and those filed under none; `undefined` while either is not known. */
export function visibleEvents(
  events: readonly EventDto[] | undefined,
  calendars: readonly Pick<Calendar, 'id' | 'visible'>[] | undefined,
): readonly EventDto[] | undefined {
  if (!events || !calendars) return undefined
  const hidden = new Set(calendars.filter(({ visible }) => !visible).map(({ id }) => id))
  return events.filter(({ calendar }) => !calendar || !hidden.has(calendar.id))
}

/** Whether an event waits for this user's answer. */
export const isOpen = ({ role, rsvp }: EventDto): boolean => role !== 'owner' && rsvp === null

/** Invitations that wait for an answer, and those answered since: an answer can be taken back where it was given. */
export class Invitations {
  readonly #asked = new Set<string>()

  shown(events: readonly EventDto[]): readonly EventDto[] {
    for (const event of events) if (isOpen(event)) this.#asked.add(event.id)
    return events.filter(({ id }) => this.#asked.has(id))
  }
}
