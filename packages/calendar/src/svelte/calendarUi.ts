import { getContext, hasContext, setContext } from 'svelte'
import { calendarUi, type CalendarUi } from '../parts/locale.js'

const key = Symbol('calendar ui')

/** Says where all components below this one stand. A function of reactive state is followed. */
export function setCalendarUi(ui: CalendarUi | (() => CalendarUi)): void {
  setContext(key, typeof ui === 'function' ? ui : () => ui)
}

/** Where this component stands; the browser's own language, zone and clock when nothing was said. */
export function getCalendarUi(): { readonly current: CalendarUi } {
  const read = hasContext(key) ? getContext<() => CalendarUi>(key) : once()
  return {
    get current() {
      return read()
    },
  }
}

function once(): () => CalendarUi {
  const ui = calendarUi()
  return () => ui
}
