import type { Query, Stream, Visible } from '@tidemark/core'
import type { Calendar } from '../tables/calendars.js'
import type { Category } from '../tables/categories.js'
import type { EventRole } from '../tables/eventRoles.js'
import type { Persona, Profile, WorkPeriod } from '../tables/people.js'
import type { CalendarTide } from './tide.js'
import type { EventDto, EventView } from './eventDto.js'

/** A part of time and which of its events. */
export interface EventRange {
  /** ms since the epoch; events that end after it. */
  readonly from: number
  /** ms since the epoch; events that begin before it. */
  readonly to: number
  /** Left out: events that are not archived. `only`: those that are. `all`: both. */
  readonly archived?: 'only' | 'all'
  /** Only events filed under these calendars; those filed under none are always shown. */
  readonly calendarIds?: readonly string[]
}

/** Reads of the calendar, plural and singular; all local, all kept current. */
export interface EventReads {
  /** The join that events are read by, for queries of one's own: `calendar.tide.view(calendar.eventView)`. */
  readonly eventView: EventView
  events$(range: EventRange): Stream<readonly EventDto[]>
  event$(id: string): Stream<EventDto | null>
  /** Everyone who is invited to an event, as far as the policies show it. */
  eventRoles$(eventId: string): Stream<readonly Visible<EventRole>[]>
  calendars$(): Stream<readonly Visible<Calendar>[]>
  calendar$(id: string): Stream<Visible<Calendar> | null>
  categories$(): Stream<readonly Visible<Category>[]>
  category$(id: string): Stream<Visible<Category> | null>
  personas$(): Stream<readonly Visible<Persona>[]>
  persona$(id: string): Stream<Visible<Persona> | null>
  workPeriods$(): Stream<readonly Visible<WorkPeriod>[]>
  profiles$(): Stream<readonly Visible<Profile>[]>
  profile$(id: string): Stream<Visible<Profile> | null>
}

/**
 * No event of the calendar is longer than this, in ms: it bounds how far before a range an event that reaches into it may
 * begin, so that the range is one piece of the index on the start.
 */
export const longestEvent = 31 * 86_400_000

export function eventReads(tide: CalendarTide, eventView: EventView): EventReads {
  const { calendars, categories, personas, workPeriods, profiles, eventRoles } = tide.tables
  const events = tide.view(eventView)
  return {
    eventView,
    events$: (range) => events.rows$({ ...inRange(range), filter: shown(range) }),
    event$: (id) => events.row$(id),
    eventRoles$: (eventId) => eventRoles.rows$({ where: { event_id: eventId }, orderBy: 'user_id' }),
    calendars$: () => calendars.rows$({ orderBy: ['type', 'name'] }),
    calendar$: (id) => calendars.row$(id),
    categories$: () => categories.rows$({ orderBy: 'name' }),
    category$: (id) => categories.row$(id),
    personas$: () => personas.rows$({ orderBy: 'name' }),
    persona$: (id) => personas.row$(id),
    workPeriods$: () => workPeriods.rows$({ orderBy: ['weekday', 'start_time'] }),
    profiles$: () => profiles.rows$({ orderBy: 'email' }),
    profile$: (id) => profiles.row$(id),
  }
}

const inRange = ({ from, to }: EventRange) =>
  ({
    where: { start_timestamp_ms: { gte: from - longestEvent, lt: to }, end_timestamp_ms: { gt: from } },
    orderBy: 'start_timestamp_ms',
  }) satisfies Query<EventDto>

function shown({ archived, calendarIds }: EventRange): (event: EventDto) => boolean {
  const chosen = calendarIds && new Set(calendarIds)
  return (event) => {
    if (archived !== 'all' && event.archived !== (archived === 'only')) return false
    return !chosen || !event.calendar || chosen.has(event.calendar.id)
  }
}
