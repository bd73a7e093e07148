import type { EventDto } from '../domain/eventDto.js'
import type { EventPatch } from '../domain/eventWrites.js'
import { instantOf, wallTimeOf } from './wallTime.js'

/** The grid that a chip stands in: days of a month, or hours of a week. */
export type GridKind = 'month' | 'week'

/** What a key asks for: the whole event, or only its end, by so many days or minutes. */
export interface KeyStep {
  readonly what: 'move' | 'resize'
  readonly days: number
  readonly minutes: number
}

/** A change of when an event is: what is written, and the times that come of it, in ms since the epoch. */
export interface TimeChange {
  readonly patch: Pick<EventPatch, 'start_time' | 'duration'>
  readonly times: Pick<EventDto, 'start_timestamp_ms' | 'end_timestamp_ms' | 'all_day'>
}

type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey'>
type Times = TimeChange['times']

const minute = 60_000
const day = 86_400_000
/** The least that keys leave of an event, and the most that the calendar allows, in minutes. */
const least = { timed: 15, allDay: 1440 }
const most = 44_640

/** Keys that move and resize, as `aria-keyshortcuts` names them. */
export const stepKeys = ['Alt+', 'Alt+Shift+']
  .flatMap((held) => ['Left', 'Right', 'Up', 'Down'].map((arrow) => `${held}Arrow${arrow}`))
  .join(' ')

/** What a key asks for: Alt and an arrow move the event, with Shift its end. `undefined` for every other key. */
export function stepOf(pressed: Pressed, grid: GridKind, direction: 'ltr' | 'rtl'): KeyStep | undefined {
  const { key, altKey, shiftKey, ctrlKey, metaKey } = pressed
  if (!altKey || ctrlKey || metaKey) return undefined
  const forward = direction === 'rtl' ? -1 : 1
  const across = { ArrowLeft: -forward, ArrowRight: forward }[key]
  const down = { ArrowUp: -1, ArrowDown: 1 }[key]
  const what = shiftKey ? 'resize' : 'move'
  if (across !== undefined) return { what, days: across, minutes: 0 }
  if (down === undefined) return undefined
  return grid === 'month' ? { what, days: 7 * down, minutes: 0 } : { what, days: 0, minutes: 15 * down }
}

/**
 * What a step makes of an event. Days go by the clocks of the zone, so that nine o'clock stays nine o'clock when summer time
 * begins; minutes go by. `undefined` when the step is none for this event: minutes of one that lasts all day, or an end that would
 * leave too little of it or make it too long.
 */
export function changeBy(event: Times, step: KeyStep, timeZone: string): TimeChange | undefined {
  const { start_timestamp_ms: start, end_timestamp_ms: end, all_day } = event
  if (all_day && step.minutes !== 0) return undefined
  const stepped = (instant: number): number => later(instant, step, all_day ? 'UTC' : timeZone)
  if (step.what === 'move') {
    const moved = stepped(start)
    return {
      patch: { start_time: new Date(moved).toISOString() },
      times: timesFrom(moved, end - start, all_day),
    }
  }
  const duration = Math.round((stepped(end) - start) / minute)
  if (duration < (all_day ? least.allDay : least.timed) || duration > most) return undefined
  return { patch: { duration }, times: timesFrom(start, duration * minute, all_day) }
}

const later = (instant: number, { days, minutes }: KeyStep, zone: string): number =>
  days === 0 ? instant + minutes * minute : instantOf(wallTimeOf(instant, zone) + days * day, zone)

const timesFrom = (start: number, length: number, all_day: boolean): Times => ({
  start_timestamp_ms: start,
  end_timestamp_ms: start + length,
  all_day,
})
