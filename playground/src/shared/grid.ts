import type { EventDto, EventPatch } from '@tidemark/calendar'
import { Calendar, type EventInput } from 'fullcalendar'
import dayGrid from 'fullcalendar/daygrid'
import interaction from 'fullcalendar/interaction'
import theme from 'fullcalendar/themes/classic'
import timeGrid from 'fullcalendar/timegrid'
import 'fullcalendar/skeleton.css'
import 'fullcalendar/themes/classic/theme.css'
import 'fullcalendar/themes/classic/palette.css'
import { inputTimes, patchOf, timesOf, type Times } from './gridTimes.js'

export type GridView = 'month' | 'week'

/** A place in the grid where the chip of an event belongs. An event of several weeks has several. */
export interface Slot {
  readonly key: string
  readonly id: string
  readonly element: HTMLElement
}

export interface GridOptions {
  readonly locale: string
  /** The range that is shown, in ms since the epoch. */
  readonly range: (from: number, to: number, title: string) => void
  /** The places there are now; called again when some come or go. */
  readonly slots: (slots: readonly Slot[]) => void
  /** The user marked a piece of time. */
  readonly create: (times: Times) => void
  /** The user moved or resized an event. Resolves with whether this device keeps it so. */
  readonly move: (id: string, change: EventPatch) => Promise<boolean>
}

const views = { month: 'dayGridMonth', week: 'timeGridWeek' } as const

interface Moved {
  readonly event: { id: string; start: Date | null; end: Date | null; allDay: boolean }
}

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
    const moved = (change: Moved): void => void this.#moved(change)
    this.#calendar = new Calendar(element, {
      plugins: [dayGrid, timeGrid, interaction, theme],
      initialView: views.month,
      locale: options.locale,
      headerToolbar: false,
      titleFormat: { day: undefined, month: 'short', year: 'numeric' },
      height: 'auto',
      firstDay: 1,
      nowIndicator: true,
      eventMinHeight: 24,
      selectable: true,
      editable: true,
      eventDisplay: 'block',
      eventContent: () => ({ domNodes: [] }),
      columnEventClass: 'column-event',
      rowEventClass: 'row-event',
      datesSet: ({ start, end, view }) => options.range(+start, +end, view.title),
      eventDidMount: ({ el, event }) => this.#mounted(el, event.id),
      eventWillUnmount: ({ el }) => this.#unmounted(el),
      select: ({ start, end, allDay }) => options.create(timesOf(start, end, allDay)),
      eventDrop: moved,
      eventResize: moved,
    })
    this.#calendar.render()
  }

  /** Shows these events; only what has come, gone or moved is laid out. */
  show(events: readonly EventDto[]): void {
    const next = new Map(events.map((event) => [event.id, event]))
    const gone = [...this.#shown.keys()].filter((id) => !next.has(id))
    const placed = events.filter((event) => !samePlace(this.#shown.get(event.id), event))
    this.#shown = next
    if (gone.length + placed.length > 0) this.#place(placed, gone)
  }

  view(view: GridView): void {
    if (this.#calendar.view.type !== views[view]) this.#calendar.changeView(views[view])
  }

  go(where: 'prev' | 'next' | 'today'): void {
    this.#calendar[where]()
  }

  destroy(): void {
    this.#calendar.destroy()
  }

  #place(events: readonly EventDto[], gone: readonly string[] = []): void {
    this.#calendar.batchRendering(() => {
      for (const id of [...gone, ...events.map((event) => event.id)])
        this.#calendar.getEventById(id)?.remove()
      for (const event of events) this.#calendar.addEvent(toInput(event))
    })
  }

  #mounted(element: HTMLElement, id: string): void {
    this.#slots.set(element, { key: `${id}/${String((this.#count += 1))}`, id, element })
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

  /** FullCalendar has moved it already; where the write failed, nothing else would put it back. */
  async #moved({ event: { id, start, end, allDay } }: Moved): Promise<void> {
    if (!start) return
    const kept = await this.#options.move(id, patchOf(timesOf(start, end, allDay)))
    const event = this.#shown.get(id)
    if (!kept && event) this.#place([event])
  }
}

const samePlace = (before: EventDto | undefined, now: EventDto): boolean =>
  before !== undefined &&
  before.title === now.title &&
  before.start_timestamp_ms === now.start_timestamp_ms &&
  before.end_timestamp_ms === now.end_timestamp_ms &&
  before.all_day === now.all_day

const toInput = (event: EventDto): EventInput => ({ id: event.id, title: event.title, ...inputTimes(event) })
