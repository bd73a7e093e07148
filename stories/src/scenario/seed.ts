import type { EventDetails, EventRole } from '@tidemark/calendar'
import type { ServerWrites } from '@tidemark/testing/server'
import { ada, grace, id, profiles } from './people.ts'

/** Ada's calendars, by the names that scenarios use. */
export const calendars = {
  main: id('calendar', 1),
  work: id('calendar', 2),
  family: id('calendar', 3),
  archive: id('calendar', 4),
}

export const categories = { focus: id('category', 1), travel: id('category', 2) }

/** What Ada's account holds before anything happens. */
export function furnish({ put }: ServerWrites): void {
  const own = { user_id: ada }
  for (const profile of profiles) put('user_profiles', profile)
  put('user_calendars', { ...own, id: calendars.main, name: 'Ada', color: 'blue', type: 'default' })
  put('user_calendars', { ...own, id: calendars.work, name: 'Work', color: 'green' })
  put('user_calendars', { ...own, id: calendars.family, name: 'Family', color: 'purple' })
  put('user_calendars', { ...own, id: calendars.archive, name: 'Archived', color: 'gray', type: 'archive' })
  put('user_categories', { ...own, id: categories.focus, name: 'Focus', color: 'teal', is_default: true })
  put('user_categories', { ...own, id: categories.travel, name: 'Travel', color: 'orange' })
  put('ai_personas', { ...own, id: id('persona', 1), name: 'Secretary', is_default: true })
  put('ai_personas', { ...own, id: id('persona', 2), name: 'Coach', greeting: 'Ready when you are.' })
  for (const weekday of [1, 2, 3, 4, 5])
    put('user_work_periods', {
      ...own,
      id: id('period', weekday),
      weekday,
      start_time: '09:00',
      end_time: '17:00',
    })
}

/** An event as a scenario tells it. `at` is ISO text with an offset. */
export interface Told {
  readonly title: string
  readonly at: string
  /** Minutes. Default: an hour. */
  readonly duration?: number
  readonly all_day?: boolean
  readonly private?: boolean
  readonly agenda?: string
  /** Who made it. Default: Ada. */
  readonly by?: string
  /** What Ada may do with it, when it is not hers. Default: viewer. */
  readonly role?: EventRole['role']
  readonly rsvp?: EventRole['rsvp']
  /** How Ada has filed it. */
  readonly filed?: Partial<Omit<EventDetails, 'event_id' | 'user_id'>>
}

/** Writes events to the server, numbered from `first` on. */
export function writeEvents({ put }: ServerWrites, told: readonly Told[], first = 1): void {
  told.forEach((event, index) => {
    const event_id = id('event', first + index)
    const { by = ada, duration = 60, at, title, all_day, private: hidden, agenda } = event
    const own = by === ada
    put('events', {
      id: event_id,
      owner_id: by,
      creator_id: by,
      title,
      duration,
      start_time: new Date(at).toISOString(),
      ...(all_day && { all_day }),
      ...(hidden && { private: hidden }),
      ...(agenda !== undefined && { agenda }),
    })
    const role = own ? 'owner' : (event.role ?? 'viewer')
    put('event_user_roles', { event_id, user_id: ada, role, rsvp: event.rsvp ?? (own ? 'accepted' : null) })
    if (event.filed) put('event_details_personal', { event_id, user_id: ada, ...event.filed })
  })
}

/** An invitation from Grace. */
export const invitation = (event: Told): Told => ({ by: grace, ...event })
