import { defineTable, type RowOf } from '@tidemark/core'
import { z } from 'zod'
import { stamps } from './columns.js'

export const eventRole = z.enum(['viewer', 'contributor', 'owner', 'delegate_full'])
export const rsvp = z.enum(['tentative', 'accepted', 'declined'])

/** Who is invited to an event, as what, and what they answered. A user sees their own; an owner those of the event. */
export const eventRoles = defineTable({
  name: 'event_user_roles',
  row: z.object({
    event_id: z.uuid(),
    user_id: z.uuid(),
    role: eventRole.default('viewer'),
    rsvp: rsvp.nullable(),
    following: z.boolean().default(false),
    ...stamps,
  }),
  key: ['event_id', 'user_id'],
  indexes: ['event_id', 'user_id'],
})
export type EventRole = RowOf<typeof eventRoles>
