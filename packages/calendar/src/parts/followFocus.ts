import type { CalendarApp } from '../domain/calendar.js'

/** How long a grid may take, in frames, until it has drawn a chip where it belongs: half a second. Some draw it twice. */
const patience = 30

/**
 * Keeps the focus on the chip of an event while a grid takes it away and draws it elsewhere. Whoever moves the focus to something
 * else meanwhile keeps it there, and a calendar that was closed has no focus to keep.
 *
 * @param chip the chip that has the focus now
 * @param id the event's id, which all its chips have as `data-event`
 */
export function followFocus(chip: HTMLElement, id: string, { tide }: CalendarApp): void {
  const root = chip.getRootNode()
  if (!(root instanceof Document || root instanceof ShadowRoot)) return
  const chips = (): HTMLElement[] => [
    ...root.querySelectorAll<HTMLElement>(`.tm-event-chip[data-event="${CSS.escape(id)}"]`),
  ]
  const place = chips().indexOf(chip)
  const look = (frames: number): void => {
    const { activeElement: focused } = root
    const there = chips()
    const lost = focused === null || focused === document.body
    if (tide.userId === undefined || (!lost && !there.some((one) => one === focused))) return
    if (lost) (there[place] ?? there.at(-1))?.focus()
    if (frames > 0) requestAnimationFrame(() => look(frames - 1))
  }
  requestAnimationFrame(() => look(patience))
}
