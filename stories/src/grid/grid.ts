import type { EventDto } from '@tidemark/calendar'
import type { CalendarUi } from '@tidemark/calendar/svelte'
import { Calendar, type EventInput } from 'fullcalendar'
import dayGrid from 'fullcalendar/daygrid'
import interaction from 'fullcalendar/interaction'
import theme from 'fullcalendar/themes/classic'
import timeGrid from 'fullcalendar/timegrid'
import 'fullcalendar/skeleton.css'
import 'fullcalendar/themes/classic/theme.css'
import 'fullcalendar/themes/classic/palette.css'

export type GridView = 'dayGridMonth' | 'timeGridWeek'

/** A place in the grid where the chip of an event belongs. An event of several weeks has several. */
export interface Slot {
  readonly key: string
  readonly id: string
  readonly element: HTMLElement
}

export interface GridOptions {
  readonly ui: CalendarUi
  readonly view?: GridView | undefined
  /** The places there are now; called again when some come or go. */
  slots(slots: readonly Slot[]): void
  /** The user moved or resized an event. `duration` is in minutes. */
  move(id: string, change: { start_time: string; duration: number; all_day: boolean }): void
}

const minute = 60_000

/**
 * A FullCalendar that lays events out, and leaves it to a framework to draw each as a chip into its slot. An event that changes
 * without moving is no business of the grid: only its chip is drawn again.
 */
export class Grid {
  readonly #calendar: Calendar
  readonly #options: GridOptions
  readonly #slots = new Map<HTMLElement, Slot>()
  #shown = new Map<string, EventDto>()
  #count = 0
  #telling = false

  constructor(element: HTMLElement, options: GridOptions) {
    this.#options = options
    const { ui, view = 'dayGridMonth' } = options
    this.#calendar = new Calendar(element, {
      plugins: [dayGrid, timeGrid, interaction, theme],
      initialView: view,
      initialDate: new Date(ui.clock()),
      now: () => new Date(ui.clock()),
      timeZone: ui.timeZone,
      locale: ui.locale,
      direction: ui.direction,
      headerToolbar: false,
      height: 'auto',
      firstDay: 1,
      dayMaxEvents: false,
      editable: true,
      eventDisplay: 'block',
      eventContent: () => ({ domNodes: [] }),
      columnEventClass: 'story-column-event',
      eventDidMount: ({ el, event }) => this.#mounted(el, event.id),
      eventWillUnmount: ({ el }) => this.#unmounted(el),
      eventDrop: ({ event }) => this.#moved(event),
      eventResize: ({ event }) => this.#moved(event),
    })
    this.#calendar.render()
  }

  /** Shows these events; only what has come, gone or moved is laid out. */
  show(events: readonly EventDto[]): void {
    const next = new Map(events.map((event) => [event.id, event]))
    const gone = [...this.#shown.keys()].filter((id) => !next.has(id))
    const placed = events.filter((event) => !samePlace(this.#shown.get(event.id), event))
    if (gone.length + placed.length > 0)
      this.#calendar.batchRendering(() => {
        for (const id of [...gone, ...placed.map((event) => event.id)])
          this.#calendar.getEventById(id)?.remove()
        for (const event of placed) this.#calendar.addEvent(toInput(event))
      })
    this.#shown = next
  }

  destroy(): void {
    this.#calendar.destroy()
  }

  #mounted(element: HTMLElement, id: string): void {
    this.#slots.set(element, { key: `${id}/${(this.#count += 1)}`, id, element })
    this.#tell()
  }

  #unmounted(element: HTMLElement): void {
    this.#slots.delete(element)
    this.#tell()
  }

  /** Once for all that come and go in a turn. */
  #tell(): void {
    if (this.#telling) return
    this.#telling = true
    queueMicrotask(() => {
      this.#telling = false
      this.#options.slots([...this.#slots.values()])
    })
  }

  #moved({ id, start, end, allDay }: { id: string; start: Date | null; end: Date | null; allDay: boolean }) {
    const event = this.#shown.get(id)
    if (!event || !start) return
    const duration = end ? Math.max(1, Math.round((+end - +start) / minute)) : event.duration
    this.#options.move(id, { start_time: start.toISOString(), duration, all_day: allDay })
  }
}

const samePlace = (before: EventDto | undefined, now: EventDto): boolean =>
  before !== undefined &&
  before.start_timestamp_ms === now.start_timestamp_ms &&
  before.end_timestamp_ms === now.end_timestamp_ms &&
  before.all_day === now.all_day

/** All-day events lie on UTC midnights, so that they are the same day everywhere. */
function toInput({ id, title, all_day, start_timestamp_ms, end_timestamp_ms }: EventDto): EventInput {
  const time = (ms: number): string => {
    const iso = new Date(ms).toISOString()
    return all_day ? iso.slice(0, 10) : iso
  }
  return { id, title, allDay: all_day, start: time(start_timestamp_ms), end: time(end_timestamp_ms) }
}
