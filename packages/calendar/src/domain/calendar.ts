import { createTidemark, type Conflict, type Ports, type Remote, type SyncOptions } from '@tidemark/core'
import type { Event } from '../tables/events.js'
import { calendarSchemaBy } from '../tables/schema.js'
import { archiving, type Archiving } from './archiving.js'
import { eventViewOf } from './eventDto.js'
import { eventReads, type EventReads } from './eventReads.js'
import { eventWrites, type EventWrites } from './eventWrites.js'
import { ownWrites, type OwnWrites } from './ownWrites.js'
import type { CalendarTide } from './tide.js'

/** Everything a calendar app reads and writes: the one import surface. */
export interface CalendarApp extends EventReads, EventWrites, Archiving, OwnWrites {
  readonly tide: CalendarTide
}

export interface CalendarOptions {
  /** Part of the local database's name; left out: `calendar`. */
  readonly name?: string
  readonly remote: Remote
  readonly sync?: SyncOptions
  readonly ports?: Ports
  /**
   * What becomes of an update of an event that somebody else has changed meanwhile. `merge`: changed columns win, each by itself, in
   * the order in which they reach the server. `updated-at`: the earlier update or delete is dropped. A function answers the row that
   * shall hold, from the one that the update was made on, what this device made of it, and what the server has. Default: `merge`.
   */
  readonly conflict?: Conflict<Event>
}

/**
 * Makes a calendar app over a remote.
 *
 * @example
 * const calendar = createCalendar({ remote: supabaseRemote(supabase) })
 * await calendar.tide.start(userId)
 * calendar.events$({ from: Date.now(), to: Date.now() + days(7) }).subscribe(render)
 */
export function createCalendar({
  name = 'calendar',
  conflict = 'merge',
  ...options
}: CalendarOptions): CalendarApp {
  const schema = calendarSchemaBy(conflict)
  const tide: CalendarTide = createTidemark({ name, schema, ...options })
  const eventView = eventViewOf(schema.tables.events)
  return {
    tide,
    ...eventReads(tide, eventView),
    ...eventWrites(tide),
    ...archiving(tide),
    ...ownWrites(tide),
  }
}
