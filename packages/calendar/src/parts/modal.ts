/** What can have the focus. */
const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]'

/**
 * Opens a `<dialog>` as a modal one while it is mounted: a Svelte action, and what the Vue directive calls. One that is mounted
 * outside the document is opened when it comes into it. Afterwards the focus is where it was; when that is gone, in the nearest
 * place around it that is still there.
 */
export function modal(dialog: HTMLDialogElement): { destroy(): void } {
  let around: readonly Element[] = []
  const forget = whenConnected(dialog, () => {
    around = pathOf(document.activeElement)
    dialog.showModal()
  })
  return {
    destroy: () => {
      forget()
      if (dialog.open) closeSilently(dialog)
      returnTo(around)
    },
  }
}

/** Calls back once an element is in the document, now or later; what it answers forgets it. */
function whenConnected(element: Element, run: () => void): () => void {
  if (element.isConnected) run()
  const observer = new MutationObserver(() => {
    if (!element.isConnected) return
    observer.disconnect()
    run()
  })
  if (!element.isConnected) observer.observe(document, { childList: true, subtree: true })
  return () => observer.disconnect()
}

/** The app closes it: the dialog's own `close` event would tell the app what it knows. */
function closeSilently(dialog: HTMLDialogElement): void {
  dialog.addEventListener('close', (event) => event.stopImmediatePropagation(), { capture: true, once: true })
  dialog.close()
}

/** Moves the focus to an element that has just appeared: a Svelte action, and what the Vue directive calls. */
export function focusHere(element: HTMLElement): void {
  element.focus()
}

/** What of a form must be mended. */
export const problemField = '[aria-invalid="true"]'

/** What of a form can be filled in. */
export const openField = 'input:not([disabled]), select:not([disabled]), textarea:not([disabled])'

/** Moves the focus to the first of its kind in an element. */
export function focusIn(around: HTMLElement | null | undefined, selector: string): void {
  around?.querySelector<HTMLElement>(selector)?.focus()
}

/** Moves the focus to the one at an index of its kind, the last one when there are fewer, the heading when there is none. */
export function focusNear(around: HTMLElement | null | undefined, selector: string, index: number): void {
  const all = [...(around?.querySelectorAll<HTMLElement>(selector) ?? [])]
  const heading = around?.querySelector<HTMLElement>('h2') ?? undefined
  const next = all[index] ?? all.at(-1) ?? heading
  next?.focus()
}

/** An element and everything around it, innermost first. */
export function pathOf(element: Element | null): readonly Element[] {
  return element ? [element, ...pathOf(element.parentElement)] : []
}

/** Focuses the first of a path that is still in the document, or what can be focused in it. */
export function returnTo(path: readonly Element[]): void {
  const place = path.find((element) => element.isConnected && element !== document.documentElement)
  if (!(place instanceof HTMLElement) || place === document.body) return
  const target = place.matches(focusable) ? place : place.querySelector<HTMLElement>(focusable)
  if (target) return target.focus()
  place.tabIndex = -1
  place.focus()
}
