import type { Directive } from 'vue'
import { focusHere, modal } from '../parts/modal.js'

const opened = new WeakMap<HTMLDialogElement, { destroy(): void }>()

/** Opens a `<dialog>` as a modal one while it is mounted; the focus returns to where it came from. */
export const vModal: Directive<HTMLDialogElement> = {
  mounted: (dialog) => opened.set(dialog, modal(dialog)),
  beforeUnmount: (dialog) => opened.get(dialog)?.destroy(),
}

/** Moves the focus to an element when it appears. */
export const vFocusHere: Directive<HTMLElement> = { mounted: focusHere }
