import { createTidemark, type Ports, type Remote, type SyncOptions } from '@tidemark/core'
import { calendarSchema } from '../tables/schema.js'
import { archiving, type Archiving } from './archiving.js'
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
}

/**
 * Makes a calendar app over a remote.
 *
 * @example
 * const calendar = createCalendar({ remote: supabaseRemote(supabase) })
 * await calendar.tide.start(userId)
 * calendar.events$({ from: Date.now(), to: Date.now() + days(7) }).subscribe(render)
 */
export function createCalendar({ name = 'calendar', ...options }: CalendarOptions): CalendarApp {
  const tide: CalendarTide = createTidemark({ name, schema: calendarSchema, ...options })
  return { tide, ...eventReads(tide), ...eventWrites(tide), ...archiving(tide), ...ownWrites(tide) }
}
