import type { EventDto, NewEvent, PersonalPatch } from '@tidemark/calendar'

/** What the editor's form holds: plain strings and flags. */
export interface EventDraft {
  title: string
  agenda: string
  all_day: boolean
  /** Local date, `YYYY-MM-DD`. */
  date: string
  /** Local time, `HH:MM`. */
  time: string
  /** Minutes. */
  duration: number
  private: boolean
  calendar_id: string
  category_id: string
  show_time_as: EventDto['show_time_as']
  time_defense_level: EventDto['time_defense_level']
}

type Times = Pick<NewEvent, 'start_time' | 'duration'> & { readonly all_day: boolean }

/** A draft of a new event at a time. */
export const draftOf = (times: Times): EventDraft => ({
  title: '',
  agenda: '',
  private: false,
  calendar_id: '',
  category_id: '',
  show_time_as: 'busy',
  time_defense_level: 'normal',
  ...timesToForm(times),
})

/** A draft of the next full hour. */
export function draftOfNow(now = new Date()): EventDraft {
  const next = new Date(now)
  next.setHours(now.getHours() + 1, 0, 0, 0)
  return draftOf({ start_time: next.toISOString(), duration: 60, all_day: false })
}

export const draftOfEvent = (event: EventDto): EventDraft => ({
  title: event.title,
  agenda: event.agenda ?? '',
  private: event.private,
  calendar_id: event.calendar?.id ?? '',
  category_id: event.category?.id ?? '',
  show_time_as: event.show_time_as,
  time_defense_level: event.time_defense_level,
  ...timesToForm(event),
})

/** What the draft says of the event itself. */
export function eventOf(draft: EventDraft) {
  const local = draft.all_day ? `${draft.date}T00:00:00Z` : `${draft.date}T${draft.time}`
  return {
    title: draft.title,
    agenda: draft.agenda === '' ? null : draft.agenda,
    all_day: draft.all_day,
    private: draft.private,
    start_time: new Date(local).toISOString(),
    duration: draft.duration,
  } satisfies NewEvent
}

/** What the draft says of how this user files the event. */
export const personalOf = (draft: EventDraft): PersonalPatch => ({
  calendar_id: draft.calendar_id === '' ? null : draft.calendar_id,
  category_id: draft.category_id === '' ? null : draft.category_id,
  show_time_as: draft.show_time_as,
  time_defense_level: draft.time_defense_level,
})

/** The parts of `next` that differ from `previous`, so that only what was edited is written. */
export function edited<T extends object>(previous: T, next: T): Partial<T> {
  const changed = Object.entries(next).filter(
    ([name, value]) => (previous as Record<string, unknown>)[name] !== value,
  )
  return Object.fromEntries(changed) as Partial<T>
}

function timesToForm({ start_time, duration, all_day }: Times) {
  const start = new Date(start_time)
  const pad = (part: number): string => String(part).padStart(2, '0')
  const date = all_day
    ? start.toISOString().slice(0, 10)
    : `${start.getFullYear()}-${pad(start.getMonth() + 1)}-${pad(start.getDate())}`
  return {
    all_day,
    duration,
    date,
    time: all_day ? '09:00' : `${pad(start.getHours())}:${pad(start.getMinutes())}`,
  }
}
