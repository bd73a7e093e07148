import type { EventDto } from '../domain/eventDto.js'
import type { NewEvent, PersonalPatch } from '../domain/eventWrites.js'
import { instantOf, wallTimeOf } from './wallTime.js'

/** What the editor's form holds: texts as the fields have them, half-typed ones too. */
export interface EventDraft {
  readonly title: string
  readonly agenda: string
  readonly all_day: boolean
  /** `YYYY-MM-DD` in the user's zone; empty while it is being typed. */
  readonly startDate: string
  /** `HH:MM`; kept while the event lasts all day. */
  readonly startTime: string
  /** The last day, which an all-day event still covers. */
  readonly endDate: string
  readonly endTime: string
  readonly private: boolean
  readonly online_event: boolean
  readonly in_person: boolean
  /** Empty: under no calendar. */
  readonly calendar_id: string
  readonly category_id: string
  readonly show_time_as: EventDto['show_time_as']
  readonly time_defense_level: EventDto['time_defense_level']
  readonly ai_managed: boolean
  readonly ai_instructions: string
}
export type DraftField = keyof EventDraft

/** What a draft of a new event may begin with. `start` and `end` in ms since the epoch. */
export interface DraftTimes {
  readonly start: number
  readonly end: number
  readonly all_day?: boolean
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A draft of a new event. */
export const newDraft = (times: DraftTimes, timeZone: string): EventDraft => ({
  title: '',
  agenda: '',
  private: false,
  online_event: false,
  in_person: false,
  calendar_id: '',
  category_id: '',
  show_time_as: 'busy',
  time_defense_level: 'normal',
  ai_managed: false,
  ai_instructions: '',
  ...fieldsOf(times, timeZone),
})

/** The next full hour after an instant, in ms since the epoch. */
export function nextHour(now: number): DraftTimes {
  const start = (Math.floor(now / hour) + 1) * hour
  return { start, end: start + hour }
}

/** An event as the editor's form shows it. */
export const draftOf = (event: EventDto, timeZone: string): EventDraft => ({
  title: event.title,
  agenda: event.agenda ?? '',
  private: event.private,
  online_event: event.online_event,
  in_person: event.in_person,
  calendar_id: event.calendar?.id ?? '',
  category_id: event.category?.id ?? '',
  show_time_as: event.show_time_as,
  time_defense_level: event.time_defense_level,
  ai_managed: event.ai_managed,
  ai_instructions: event.ai_instructions ?? '',
  ...fieldsOf(
    { start: event.start_timestamp_ms, end: event.end_timestamp_ms, all_day: event.all_day },
    timeZone,
  ),
})

/** The draft after one field was edited. Moving the start moves the end along, so that the event keeps its length. */
export function editDraft<F extends DraftField>(
  draft: EventDraft,
  field: F,
  value: EventDraft[F],
  timeZone: string,
): EventDraft {
  const next = { ...draft, [field]: value }
  if (field !== 'startDate' && field !== 'startTime') return next
  const before = timesOf(draft, timeZone)
  const after = timesOf(next, timeZone)
  if (!before || !after || before.end <= before.start) return next
  const { all_day } = draft
  const end = after.start + (before.end - before.start)
  const { endDate, endTime } = fieldsOf({ start: after.start, end, all_day }, timeZone)
  return { ...next, endDate, endTime: all_day ? draft.endTime : endTime }
}

/** When the draft's event is, in ms since the epoch; `undefined` while its fields say no time. */
export function timesOf(draft: EventDraft, timeZone: string): { start: number; end: number } | undefined {
  const { all_day, startDate, startTime, endDate, endTime } = draft
  const start = Date.parse(`${startDate}T${all_day ? '00:00' : startTime}Z`)
  const end = Date.parse(`${endDate}T${all_day ? '00:00' : endTime}Z`)
  if (Number.isNaN(start) || Number.isNaN(end)) return undefined
  if (all_day) return { start, end: end + day }
  return { start: instantOf(start, timeZone), end: instantOf(end, timeZone) }
}

/**
 * What the draft says of the event itself.
 *
 * @throws RangeError when its fields say no time: ask `draftProblems` first
 */
export function eventOf(draft: EventDraft, timeZone: string): NewEvent {
  const times = timesOf(draft, timeZone)
  if (!times) throw new RangeError('The draft says no time: ask draftProblems first.')
  return {
    title: draft.title.trim(),
    agenda: textOf(draft.agenda),
    all_day: draft.all_day,
    private: draft.private,
    online_event: draft.online_event,
    in_person: draft.in_person,
    start_time: new Date(times.start).toISOString(),
    duration: Math.round((times.end - times.start) / minute),
  }
}

/** What the draft says of how this user files the event. */
export const personalOf = (draft: EventDraft): PersonalPatch => ({
  calendar_id: textOf(draft.calendar_id),
  category_id: textOf(draft.category_id),
  show_time_as: draft.show_time_as,
  time_defense_level: draft.time_defense_level,
  ai_managed: draft.ai_managed,
  ai_instructions: textOf(draft.ai_instructions),
})

const textOf = (text: string): string | null => (text === '' ? null : text)

/** All-day events lie on UTC midnights, so that they are the same day everywhere. */
function fieldsOf({ start, end, all_day = false }: DraftTimes, timeZone: string) {
  const shown = (instant: number): string =>
    new Date(all_day ? instant : wallTimeOf(instant, timeZone)).toISOString()
  const last = shown(all_day ? Math.max(start, end - day) : end)
  const time = (text: string, otherwise: string): string => (all_day ? otherwise : text.slice(11, 16))
  return {
    all_day,
    startDate: shown(start).slice(0, 10),
    startTime: time(shown(start), '09:00'),
    endDate: last.slice(0, 10),
    endTime: time(last, '10:00'),
  }
}
