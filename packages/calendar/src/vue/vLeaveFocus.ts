import type { Directive } from 'vue'
import { leaveFocus } from '../parts/leaveFocus.js'

const followed = new WeakMap<HTMLElement, { destroy(): void }>()

/** Hands the focus to what is around an element when the element goes while the focus is in it. */
export const vLeaveFocus: Directive<HTMLElement> = {
  mounted: (element) => followed.set(element, leaveFocus(element)),
  unmounted: (element) => followed.get(element)?.destroy(),
}
