import { pathOf, returnTo } from './modal.js'

/**
 * Hands the focus to what is around an element when the element goes while the focus is in it: a Svelte action, and what a Vue
 * directive calls.
 */
export function leaveFocus(element: HTMLElement): { destroy(): void } {
  const around = pathOf(element.parentElement)
  let inside = false
  const enter = (): void => {
    inside = true
  }
  const leave = (event: FocusEvent): void => {
    inside = event.relatedTarget === null && inside
  }
  element.addEventListener('focusin', enter)
  element.addEventListener('focusout', leave)
  return {
    destroy: () => {
      // The element may still be there now; where the focus is without it shows a moment later.
      if (inside) queueMicrotask(() => focusIsLost() && returnTo(around))
    },
  }
}

const focusIsLost = (): boolean => document.activeElement === null || document.activeElement === document.body
