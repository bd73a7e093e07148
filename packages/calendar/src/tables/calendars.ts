import { defineTable, type RowOf } from '@tidemark/core'
import { z } from 'zod'
import { color, shortName, stamps } from './columns.js'

export const calendarType = z.enum(['default', 'user', 'archive'])

/** A user's calendars: one default, any number of own ones, one archive. */
export const calendars = defineTable({
  name: 'user_calendars',
  row: z.object({
    id: z.uuid(),
    user_id: z.uuid(),
    name: shortName,
    color: color.default('blue'),
    type: calendarType.default('user'),
    visible: z.boolean().default(true),
    ...stamps,
  }),
  key: 'id',
  owner: 'user_id',
  indexes: ['type'],
  guards: {
    delete: (row) => (row.type === 'default' ? 'The default calendar cannot be deleted.' : undefined),
    update: (row, patch) =>
      row.type === 'default' && patch.type !== undefined && patch.type !== 'default'
        ? 'The default calendar stays the default calendar.'
        : undefined,
  },
})
export type Calendar = RowOf<typeof calendars>
