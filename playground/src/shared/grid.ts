import type { EventDto } from '@tidemark/calendar'
import { Calendar, type EventInput } from 'fullcalendar'
import dayGrid from 'fullcalendar/daygrid'
import interaction from 'fullcalendar/interaction'
import theme from 'fullcalendar/themes/classic'
import timeGrid from 'fullcalendar/timegrid'
import { draftOf, type EventDraft } from './eventDraft.js'

export type GridView = 'dayGridMonth' | 'timeGridWeek'

export interface GridHandlers {
  /** The range that is shown, in ms since the epoch. */
  range(from: number, to: number, title: string): void
  /** The user marked a piece of time. */
  create(draft: EventDraft): void
  open(id: string): void
  /** The user moved or resized an event. `duration` is in minutes. */
  move(id: string, change: { start_time: string; duration: number; all_day: boolean }): void
}

export interface Grid {
  show(events: readonly EventDto[]): void
  view(view: GridView): void
  go(where: 'prev' | 'next' | 'today'): void
  destroy(): void
}

const minute = 60_000
const day = 1_440 * minute

/** A FullCalendar over the event DTOs; it knows nothing of the framework around it. */
export function mountGrid(element: HTMLElement, handlers: GridHandlers): Grid {
  const moved = ({
    event,
  }: {
    event: { id: string; start: Date | null; end: Date | null; allDay: boolean }
  }): void => {
    if (event.start) handlers.move(event.id, timesOf(event.start, event.end, event.allDay))
  }
  const calendar = new Calendar(element, {
    plugins: [dayGrid, timeGrid, interaction, theme],
    initialView: 'dayGridMonth',
    headerToolbar: false,
    height: 'auto',
    dayMaxEvents: 4,
    firstDay: 1,
    nowIndicator: true,
    selectable: true,
    eventInteractive: true,
    datesSet: ({ start, end, view }) => handlers.range(+start, +end, view.title),
    select: ({ start, end, allDay }) => handlers.create(draftOf(timesOf(start, end, allDay))),
    eventClick: ({ event }) => handlers.open(event.id),
    eventDrop: moved,
    eventResize: moved,
  })
  calendar.render()
  return {
    show: (events) => calendar.setOption('events', events.map(toInput)),
    view: (view) => calendar.changeView(view),
    go: (where) => calendar[where](),
    destroy: () => calendar.destroy(),
  }
}

/** All-day events lie on UTC midnights, so that they are the same day everywhere. */
function timesOf(start: Date, end: Date | null, allDay: boolean) {
  const from = allDay ? Date.UTC(start.getFullYear(), start.getMonth(), start.getDate()) : +start
  const until = end && (allDay ? Date.UTC(end.getFullYear(), end.getMonth(), end.getDate()) : +end)
  const length = until === null ? (allDay ? day : 60 * minute) : until - from
  return {
    start_time: new Date(from).toISOString(),
    duration: Math.max(1, Math.round(length / minute)),
    all_day: allDay,
  }
}

function toInput(event: EventDto): EventInput {
  const classNames = [
    `color-${event.calendar?.color ?? 'blue'}`,
    `as-${event.show_time_as}`,
    ...(event._pending ? ['pending'] : []),
    ...(event._error ? ['failed'] : []),
    ...(event.rsvp === 'declined' ? ['declined'] : []),
  ]
  const iso = (ms: number): string => new Date(ms).toISOString()
  return {
    id: event.id,
    title: event._pending ? `${event.title} ⏳` : event._error ? `${event.title} ⚠` : event.title,
    allDay: event.all_day,
    start: event.all_day ? iso(event.start_timestamp_ms).slice(0, 10) : iso(event.start_timestamp_ms),
    end: event.all_day ? iso(event.end_timestamp_ms).slice(0, 10) : iso(event.end_timestamp_ms),
    editable: true,
    className: classNames.join(' '),
  }
}
