import type { AnyTable, TableApi } from '@tidemark/core'
import type { Profile } from '../tables/people.js'
import type { CalendarTables } from '../tables/schema.js'
import type { CalendarTide } from './tide.js'

type Creates<T extends AnyTable> = TableApi<T>['insert']
type Updates<T extends AnyTable> = TableApi<T>['update']
type Deletes<T extends AnyTable> = TableApi<T>['delete']

/** Writes of what belongs to one user. A new domain is one declaration and three lines here. */
export interface OwnWrites {
  createCalendar: Creates<CalendarTables['calendars']>
  updateCalendar: Updates<CalendarTables['calendars']>
  deleteCalendar: Deletes<CalendarTables['calendars']>
  createCategory: Creates<CalendarTables['categories']>
  updateCategory: Updates<CalendarTables['categories']>
  deleteCategory: Deletes<CalendarTables['categories']>
  createPersona: Creates<CalendarTables['personas']>
  updatePersona: Updates<CalendarTables['personas']>
  deletePersona: Deletes<CalendarTables['personas']>
  createWorkPeriod: Creates<CalendarTables['workPeriods']>
  updateWorkPeriod: Updates<CalendarTables['workPeriods']>
  deleteWorkPeriod: Deletes<CalendarTables['workPeriods']>
  /** Changes the signed-in user's own profile. */
  updateProfile(patch: Partial<Omit<Profile, 'id' | 'email'>>): Promise<void>
}

export function ownWrites(tide: CalendarTide): OwnWrites {
  const { tables } = tide
  return {
    createCalendar: tables.calendars.insert,
    updateCalendar: tables.calendars.update,
    deleteCalendar: tables.calendars.delete,
    createCategory: tables.categories.insert,
    updateCategory: tables.categories.update,
    deleteCategory: tables.categories.delete,
    createPersona: tables.personas.insert,
    updatePersona: tables.personas.update,
    deletePersona: tables.personas.delete,
    createWorkPeriod: tables.workPeriods.insert,
    updateWorkPeriod: tables.workPeriods.update,
    deleteWorkPeriod: tables.workPeriods.delete,
    updateProfile: async (patch) => {
      await tables.profiles.update(tide.userId ?? '', patch)
    },
  }
}
