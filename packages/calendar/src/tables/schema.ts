import { defineSchema, type Conflict, type Schema } from '@tidemark/core'
import { calendars } from './calendars.js'
import { categories } from './categories.js'
import { eventDetails } from './eventDetails.js'
import { eventRoles } from './eventRoles.js'
import { events, type Event } from './events.js'
import { personas, profiles, workPeriods } from './people.js'

/** The calendar's tables. Their order is the order in which they are pulled: small ones first. */
export const calendarSchema = defineSchema({
  version: 1,
  tables: { profiles, calendars, categories, workPeriods, personas, eventRoles, eventDetails, events },
})
export type CalendarTables = (typeof calendarSchema)['tables']

/** The calendar's tables, with what becomes of an update of an event that somebody else has changed meanwhile. */
export const calendarSchemaBy = (conflict: Conflict<Event>): Schema<CalendarTables> => ({
  ...calendarSchema,
  tables: { ...calendarSchema.tables, events: { ...events, conflict: conflict as Conflict } },
})
