import type { Tidemark } from '@tidemark/core'
import type { CalendarTables } from '../tables/schema.js'

/** The calendar's Tidemark. */
export type CalendarTide = Tidemark<CalendarTables>
