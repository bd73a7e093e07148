import { defineTable, type RowOf } from '@tidemark/core'
import { z } from 'zod'
import { line, longText, optionalName, shortName, stamps, timeOfDay } from './columns.js'

/** One's own profile, and those of people one shares events with; only one's own can be written. */
export const profiles = defineTable({
  name: 'user_profiles',
  row: z.object({
    id: z.uuid(),
    email: z.string(),
    first_name: optionalName,
    last_name: optionalName,
    display_name: optionalName,
    title: optionalName,
    organization: optionalName,
    avatar_url: line,
    timezone: z.string().min(1).max(100),
    time_format: z.enum(['12_hour', '24_hour']),
    week_start_day: z.enum(['0', '1', '2', '3', '4', '5', '6']),
    work_schedule: z.json().nullable(),
    ...stamps,
  }),
  key: 'id',
  indexes: ['email'],
})
export type Profile = RowOf<typeof profiles>

/** When a user works. */
export const workPeriods = defineTable({
  name: 'user_work_periods',
  row: z.object({
    id: z.uuid(),
    user_id: z.uuid(),
    weekday: z.int().min(0).max(6),
    start_time: timeOfDay,
    end_time: timeOfDay,
    ...stamps,
  }),
  key: 'id',
  owner: 'user_id',
  guards: { insert: checkOrder, update: (row, patch) => checkOrder({ ...row, ...patch }) },
})
export type WorkPeriod = RowOf<typeof workPeriods>

function checkOrder({ start_time, end_time }: { start_time: string; end_time: string }): string | undefined {
  return withSeconds(start_time) < withSeconds(end_time)
    ? undefined
    : 'A work period must end after it starts.'
}

/** The server says `09:00:00` for `09:00`. */
const withSeconds = (time: string): string => (time.length === 5 ? `${time}:00` : time)

/** The assistants of a user; exactly one is the default. */
export const personas = defineTable({
  name: 'ai_personas',
  row: z.object({
    id: z.uuid(),
    user_id: z.uuid(),
    name: shortName,
    avatar_url: line,
    system_prompt: longText,
    greeting: line,
    is_default: z.boolean().default(false),
    ...stamps,
  }),
  key: 'id',
  owner: 'user_id',
  guards: { delete: (row) => (row.is_default ? 'The default persona cannot be deleted.' : undefined) },
})
export type Persona = RowOf<typeof personas>
