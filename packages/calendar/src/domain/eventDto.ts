import { view, type RowState } from '@tidemark/core'
import { calendars } from '../tables/calendars.js'
import { categories } from '../tables/categories.js'
import { eventDetails, type EventDetails } from '../tables/eventDetails.js'
import { eventRoles, type EventRole } from '../tables/eventRoles.js'
import { events, type Event } from '../tables/events.js'

/** A calendar or category as an event shows it. */
export interface Label {
  readonly id: string
  readonly name: string
  readonly color: string
}

/** An event as one user sees it: the event, what it is to this user, and how this user has filed it. */
export interface EventDto extends Event, RowState {
  readonly show_time_as: EventDetails['show_time_as']
  readonly time_defense_level: EventDetails['time_defense_level']
  readonly ai_managed: boolean
  readonly ai_instructions: string | null
  readonly calendar: Label | null
  readonly category: Label | null
  readonly role: EventRole['role']
  readonly rsvp: EventRole['rsvp']
  readonly following: boolean
  /** True when this user has filed it under the archive. */
  readonly archived: boolean
}

/** The event DTO, merged from five tables, with the defaults of an event that its user has not touched. */
export const eventViewOf = (table: typeof events) =>
  view(table)
    .with('details', eventDetails, (event, { userId }) => [event.id, userId] as const)
    .with('membership', eventRoles, (event, { userId }) => [event.id, userId] as const)
    .with('filed', calendars, (_, { details }) => details?.calendar_id)
    .with('sorted', categories, (_, { details }) => details?.category_id)
    .select((event, { userId, details, membership, filed, sorted }): EventDto => ({
      ...event,
      ...stateOf([event, details, membership]),
      ...personal(details),
      ...membershipOf(membership, event.owner_id === userId),
      calendar: label(filed),
      category: label(sorted),
      archived: filed?.type === 'archive',
    }))
export type EventView = ReturnType<typeof eventViewOf>

/** How an event is filed by a user who has not touched it. */
const untouched = {
  show_time_as: 'busy',
  time_defense_level: 'normal',
  ai_managed: false,
  ai_instructions: null,
} as const

function personal(details: EventDetails | null) {
  const { show_time_as, time_defense_level, ai_managed, ai_instructions } = details ?? untouched
  return { show_time_as, time_defense_level, ai_managed, ai_instructions }
}

function membershipOf(row: EventRole | null, owner: boolean) {
  if (row) return { role: row.role, rsvp: row.rsvp, following: row.following }
  return { role: owner ? ('owner' as const) : ('viewer' as const), rsvp: null, following: false }
}

const label = (row: Label | null): Label | null => row && { id: row.id, name: row.name, color: row.color }

/** Pending when any part is; in error with the first part that is. */
function stateOf(parts: readonly (RowState | null)[]): RowState {
  const error = parts.find((part) => part?._error)?._error
  return { ...(parts.some((part) => part?._pending) && { _pending: true }), ...(error && { _error: error }) }
}
