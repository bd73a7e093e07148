import type { EventDetails } from '../tables/eventDetails.js'
import type { EventRole } from '../tables/eventRoles.js'
import type { Event } from '../tables/events.js'
import type { CalendarTide } from './tide.js'

/** What an event must say to be made. `start_time` is ISO text with an offset, `duration` is in minutes. */
export type NewEvent = Pick<Event, 'title' | 'start_time' | 'duration'> &
  Partial<Pick<Event, 'id' | 'agenda' | 'all_day' | 'private' | 'online_event' | 'in_person'>> & {
    readonly personal?: PersonalPatch
  }
export type EventPatch = Partial<
  Pick<
    Event,
    'title' | 'agenda' | 'start_time' | 'duration' | 'all_day' | 'private' | 'online_event' | 'in_person'
  >
>
export type PersonalPatch = Partial<
  Pick<
    EventDetails,
    'calendar_id' | 'category_id' | 'show_time_as' | 'time_defense_level' | 'ai_managed' | 'ai_instructions'
  >
>

/** Writes of events. All are visible at once, durable when they resolve, and rolled back when the server refuses them. */
export interface EventWrites {
  /** Makes an event with its owner's role and, where given, personal settings, as one atomic group. Resolves with its id. */
  createEvent(event: NewEvent): Promise<string>
  /** Only the owner's change is let through by the server; anyone else's is refused and rolled back. */
  updateEvent(id: string, patch: EventPatch): Promise<void>
  deleteEvent(id: string): Promise<void>
  /** Files an event for the signed-in user, who may be anyone invited. */
  updatePersonal(eventId: string, patch: PersonalPatch): Promise<void>
  /** Answers an invitation; `null` takes the answer back. */
  respond(eventId: string, rsvp: EventRole['rsvp']): Promise<void>
  follow(eventId: string, following: boolean): Promise<void>
  /** Invites a user, or changes what an invited user may do. Only for the event's owner. */
  invite(eventId: string, userId: string, role?: EventRole['role']): Promise<void>
  uninvite(eventId: string, userId: string): Promise<void>
}

export function eventWrites(tide: CalendarTide): EventWrites {
  const { events, eventDetails, eventRoles } = tide.tables
  const me = (): string => tide.userId ?? ''
  const done = (write: Promise<unknown>): Promise<void> => write.then(() => undefined)
  return {
    createEvent: ({ personal, ...event }) =>
      tide.write(async ({ tables }) => {
        const { id } = await tables.events.insert({ ...event, owner_id: me(), creator_id: me() })
        await tables.eventRoles.insert({ event_id: id, user_id: me(), role: 'owner', rsvp: 'accepted' })
        if (personal) await tables.eventDetails.insert({ event_id: id, user_id: me(), ...personal })
        return id
      }),
    updateEvent: (id, patch) => done(events.update(id, patch)),
    deleteEvent: (id) => events.delete(id),
    updatePersonal: (eventId, patch) =>
      done(eventDetails.upsert({ event_id: eventId, user_id: me(), ...patch })),
    respond: (eventId, rsvp) => done(eventRoles.update([eventId, me()], { rsvp })),
    follow: (eventId, following) => done(eventRoles.update([eventId, me()], { following })),
    invite: (eventId, userId, role = 'viewer') =>
      done(eventRoles.upsert({ event_id: eventId, user_id: userId, role })),
    uninvite: (eventId, userId) => eventRoles.delete([eventId, userId]),
  }
}
