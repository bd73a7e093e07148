import { defineTable, type RowOf } from '@tidemark/core'
import { z } from 'zod'
import { longText, stamps } from './columns.js'

export const showTimeAs = z.enum(['free', 'tentative', 'busy', 'oof', 'working_elsewhere'])
export const timeDefenseLevel = z.enum(['flexible', 'normal', 'high', 'hard_block'])

/** How one user has filed an event: seen and written by that user only. */
export const eventDetails = defineTable({
  name: 'event_details_personal',
  row: z.object({
    event_id: z.uuid(),
    user_id: z.uuid(),
    calendar_id: z.uuid().nullable(),
    category_id: z.uuid().nullable(),
    show_time_as: showTimeAs.default('busy'),
    time_defense_level: timeDefenseLevel.default('normal'),
    ai_managed: z.boolean().default(false),
    ai_instructions: longText,
    ...stamps,
  }),
  key: ['event_id', 'user_id'],
  owner: 'user_id',
  indexes: ['event_id'],
})
export type EventDetails = RowOf<typeof eventDetails>
