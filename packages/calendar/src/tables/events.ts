import { days, defineTable, type RowOf } from '@tidemark/core'
import { z } from 'zod'
import { isoDateTime, longText, stamps } from './columns.js'

const minute = 60_000

/** Events as their owner says them. Everyone invited may read them; the policies decide. */
export const events = defineTable({
  name: 'events',
  row: z.object({
    id: z.uuid(),
    owner_id: z.uuid(),
    creator_id: z.uuid().nullable(),
    title: z.string().min(1).max(500),
    agenda: longText,
    start_time: isoDateTime,
    duration: z.int().min(1).max(44_640),
    all_day: z.boolean().default(false),
    private: z.boolean().default(false),
    online_event: z.boolean().default(false),
    in_person: z.boolean().default(false),
    start_timestamp_ms: z.int(),
    end_timestamp_ms: z.int(),
    ...stamps,
  }),
  key: 'id',
  indexes: ['start_timestamp_ms', 'end_timestamp_ms', 'owner_id'],
  generated: ['start_timestamp_ms', 'end_timestamp_ms'],
  derive: ({ start_time, duration }) => {
    const start = Date.parse(start_time)
    return { start_timestamp_ms: start, end_timestamp_ms: start + duration * minute }
  },
  scopes: [{ table: 'event_user_roles', column: 'event_id' }],
  window: { on: 'start_timestamp_ms', before: days(60), after: days(60) },
})
export type Event = RowOf<typeof events>
