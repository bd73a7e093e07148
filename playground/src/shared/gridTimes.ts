import type { EventDto, EventPatch } from '@tidemark/calendar'

/** A piece of time, in ms since the epoch. */
export interface Times {
  readonly start: number
  readonly end: number
  readonly all_day: boolean
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** All-day events lie on UTC midnights, so that they are the same day everywhere; the grid has them on local ones. */
export function timesOf(start: Date, end: Date | null, allDay: boolean): Times {
  const instant = (date: Date): number =>
    allDay ? Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) : date.getTime()
  const from = instant(start)
  return { start: from, end: end ? instant(end) : from + (allDay ? day : hour), all_day: allDay }
}

/** What a move to another time changes of an event. */
export const patchOf = ({ start, end, all_day }: Times): EventPatch => ({
  start_time: new Date(start).toISOString(),
  duration: Math.max(1, Math.round((end - start) / minute)),
  all_day,
})

/** When an event is, as the grid reads it. */
export function inputTimes({
  all_day,
  start_timestamp_ms,
  end_timestamp_ms,
}: Pick<EventDto, 'all_day' | 'start_timestamp_ms' | 'end_timestamp_ms'>) {
  const text = (ms: number): string => new Date(ms).toISOString().slice(0, all_day ? 10 : undefined)
  return { allDay: all_day, start: text(start_timestamp_ms), end: text(end_timestamp_ms) }
}
