/** How long a chip may take to be drawn elsewhere, in frames: half a second or less. */
const patience = 30

/**
 * Keeps the focus on the chip of an event while a grid takes it away and draws it elsewhere. Whoever moves the focus to something
 * else meanwhile keeps it there.
 *
 * @param chip the chip that has the focus now
 * @param id the event's id, which all its chips have as `data-event`
 */
export function followFocus(chip: HTMLElement, id: string): void {
  const root = chip.getRootNode()
  if (!(root instanceof Document || root instanceof ShadowRoot)) return
  const chips = (): HTMLElement[] => [
    ...root.querySelectorAll<HTMLElement>(`.tm-event-chip[data-event="${CSS.escape(id)}"]`),
  ]
  const place = chips().indexOf(chip)
  let frames = 0
  const look = (): void => {
    const { activeElement: focused } = root
    const there = chips()
    const lost = focused === null || focused === document.body
    if (lost) (there[place] ?? there.at(-1))?.focus()
    else if (!there.some((one) => one === focused)) return
    frames += 1
    if (frames < patience) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}
