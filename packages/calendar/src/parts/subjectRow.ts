import type { Key, Mutation, Stream } from '@tidemark/core'
import type { CalendarApp } from '../domain/calendar.js'
import { calendarSchema } from '../tables/schema.js'

/** What people call a row. */
export interface Named {
  readonly title?: unknown
  readonly name?: unknown
}

/** The row that a write is about, as it is shown now: the event, of what belongs to one; `null` when it is not here. */
export function subjectRow(
  { tide }: CalendarApp,
  { table, key }: Pick<Mutation, 'table' | 'key'>,
): Stream<Named | null> {
  const { tables } = tide
  // Of two columns, the first is the event's id.
  if (typeof key === 'object') return tables.events.row$(key[0] as string)
  const names = Object.keys(calendarSchema.tables) as (keyof typeof tables)[]
  const name = names.find((one) => calendarSchema.tables[one].name === table) ?? 'events'
  return (tables[name] as { row$(id: Key): Stream<Named | null> }).row$(key)
}
