import type { EventDto } from '../domain/eventDto.js'
import { colorOf, type Color } from './colors.js'
import { restOfWhenText, startText, timeText, titleText, zoneText } from './eventText.js'
import type { EventUi } from './eventUi.js'

/** A state of an event that its chip marks with an icon; the words are for those who cannot see it. */
export interface ChipMark {
  readonly name: MarkName
  readonly label: string
}
export type MarkName =
  | 'failed'
  | 'pending'
  | 'private'
  | 'aiManaged'
  | 'high'
  | 'hard_block'
  | 'flexible'
  | 'oof'
  | 'working_elsewhere'
  | 'archived'

/** What a chip shows of an event. */
export interface ChipView {
  readonly title: string
  /** Nothing where a brief chip is that of a whole day. */
  readonly time: string | undefined
  /** The time in the other zone, where one is asked for. */
  readonly otherTime: string | undefined
  readonly color: Color
  readonly showTimeAs: EventDto['show_time_as']
  readonly rsvp: NonNullable<EventDto['rsvp']> | 'none'
  readonly role: EventDto['role']
  readonly defense: EventDto['time_defense_level']
  readonly sync: 'saved' | 'pending' | 'failed'
  /** The event goes on before or after the day that the chip stands on. */
  readonly continues: 'no' | 'from' | 'to' | 'both'
  readonly marks: readonly ChipMark[]
  /** Everything that the chip shows, as one sentence: its accessible name. It begins with the text as it is seen. */
  readonly label: string
}

/** Where and for whom a chip stands. */
export interface ChipPlace {
  /** The piece of time that the chip stands in, in ms since the epoch: a day of a month, for one. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Another zone whose time is shown as well. */
  readonly otherTimeZone?: string | undefined
  /** There is room for the title or for two times, as in a month: only when the event begins is shown. */
  readonly brief?: boolean | undefined
}

/** An event as its chip shows it. */
export function chipView(event: EventDto, ui: EventUi, place: ChipPlace = {}): ChipView {
  const { otherTimeZone, brief = false } = place
  const view = {
    title: titleText(event.title, ui),
    time: brief ? startText(event, ui) : timeText(event, ui),
    otherTime: otherTimeOf(event, ui, otherTimeZone),
    color: colorOf(event.calendar?.color),
    showTimeAs: event.show_time_as,
    rsvp: event.rsvp ?? 'none',
    role: event.role,
    defense: event.time_defense_level,
    sync: event._error ? 'failed' : event._pending ? 'pending' : 'saved',
    continues: continuation(event, place),
    marks: marksOf(event, ui),
  } as const
  const when = brief ? [timeText(event, ui), restOfWhenText(event, ui)] : [restOfWhenText(event, ui)]
  return { ...view, label: labelOf(event, view, when, ui) }
}

function otherTimeOf(event: EventDto, ui: EventUi, timeZone: string | undefined): string | undefined {
  if (timeZone === undefined || event.all_day) return undefined
  return ui.messages.events.chip.inZone(timeText(event, { ...ui, timeZone }), zoneText(timeZone))
}

function continuation(event: EventDto, { from, to }: ChipPlace): ChipView['continues'] {
  const before = from !== undefined && event.start_timestamp_ms < from
  const after = to !== undefined && event.end_timestamp_ms > to
  if (before && after) return 'both'
  return before ? 'from' : after ? 'to' : 'no'
}

function marksOf(event: EventDto, { messages }: EventUi): readonly ChipMark[] {
  const { chip, defense, showTimeAs } = messages.events
  const level = event.time_defense_level
  const as = event.show_time_as
  const mark = (shown: boolean, name: MarkName, label: string): ChipMark[] => (shown ? [{ name, label }] : [])
  return [
    ...mark(event._error !== undefined, 'failed', chip.failed),
    ...mark(event._pending === true && !event._error, 'pending', chip.pending),
    ...mark(event.private, 'private', chip.private),
    ...mark(event.ai_managed, 'aiManaged', chip.aiManaged),
    ...(level === 'normal' ? [] : mark(true, level, defense[level])),
    ...(as === 'oof' || as === 'working_elsewhere' ? mark(true, as, showTimeAs[as]) : []),
    ...mark(event.archived, 'archived', chip.archived),
  ]
}

/** @param when what is to be said of its time beyond what is seen */
function labelOf(
  event: EventDto,
  view: Omit<ChipView, 'label'>,
  when: readonly string[],
  ui: EventUi,
): string {
  const { chip, role, rsvp, showTimeAs } = ui.messages.events
  const { continues } = view
  const marked = new Set<string>(view.marks.map(({ name }) => name))
  // Who speaks to the machine says what stands there, in that order (WCAG 2.5.3).
  const seen = [view.time, view.title, view.otherTime].filter((part) => part !== undefined).join(' ')
  const parts = [
    seen,
    ...when,
    continues === 'from' || continues === 'both' ? chip.continuesFrom : undefined,
    continues === 'to' || continues === 'both' ? chip.continuesTo : undefined,
    marked.has(event.show_time_as) ? undefined : showTimeAs[event.show_time_as],
    event.role === 'owner' ? undefined : `${role[event.role]}, ${rsvp[view.rsvp]}`,
    event.calendar ? chip.calendar(event.calendar.name) : undefined,
    event.category ? chip.category(event.category.name) : undefined,
    ...view.marks.map(({ label }) => label),
  ]
  return parts.filter((part) => part !== undefined).join(', ')
}
