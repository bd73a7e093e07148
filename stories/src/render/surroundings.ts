import { calendarUi, type CalendarUi } from '@tidemark/calendar/svelte'
import type { Stage } from '../scenario/stage.ts'

/** What the toolbar has chosen. */
export interface Surroundings {
  readonly framework: 'svelte' | 'vue'
  readonly theme: 'light' | 'dark'
  readonly direction: 'auto' | 'ltr' | 'rtl'
  readonly density: 'comfortable' | 'compact'
  readonly locale: string
  readonly motion: 'full' | 'reduced'
  /** ISO text with an offset. */
  readonly clock: string
}

/** Every story happens here, wherever it is looked at. */
export const timeZone = 'Europe/Berlin'

/** Where the components of a story stand. */
export const uiOf = ({ locale }: Surroundings, { clock, calendar }: Stage): CalendarUi =>
  calendarUi({ locale, timeZone, clock: () => clock.now(), calendar })

/** The element that a story is mounted in, dressed as the toolbar says. */
export function makeHost(surroundings: Surroundings, ui: Pick<CalendarUi, 'direction'>): HTMLElement {
  const { theme, direction, density, motion, locale } = surroundings
  const host = document.createElement('div')
  host.className = 'story'
  host.lang = locale
  host.dir = direction === 'auto' ? ui.direction : direction
  Object.assign(host.dataset, { theme, density, motion })
  return host
}

/** Gives the page around a story its theme; a page of docs keeps its own. */
export function dressPage({ theme }: Surroundings, viewMode: string): void {
  if (viewMode === 'story') document.body.dataset.theme = theme
  else delete document.body.dataset.theme
}
