/** What a change of a grid came to. */
export interface Drawn {
  /** Chips in which anything was added, removed or said anew. */
  readonly chips: number
  /** From the call to the change of the page, in ms: all of it is script. */
  readonly script: number
}

/**
 * Watches what a change does to the chips of a grid.
 *
 * @param change resolves when the change is durable
 */
export async function countDrawn(grid: HTMLElement, change: () => Promise<unknown>): Promise<Drawn> {
  const chips = new Set<Element>()
  let begun = 0
  let script = Infinity
  const observer = new MutationObserver((records) => {
    script = Math.min(script, performance.now() - begun)
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement
      const chip = element?.closest('.tm-event-chip') ?? element?.querySelector('.tm-event-chip')
      if (chip) chips.add(chip)
    }
  })
  observer.observe(grid, { subtree: true, childList: true, attributes: true, characterData: true })
  begun = performance.now()
  await change()
  await new Promise((resolve) => setTimeout(resolve, 100))
  observer.disconnect()
  return { chips: chips.size, script }
}
