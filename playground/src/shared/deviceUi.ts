import type { CalendarUi } from '@tidemark/calendar/svelte'

/** Where the components of one device stand: there are two on the page, so that a status bar must say whose it is. */
export function deviceUi(ui: CalendarUi, device: string): CalendarUi {
  const { sync } = ui.messages
  const status = { ...sync.status, title: `${sync.status.title} of ${device}` }
  return { ...ui, messages: { ...ui.messages, sync: { ...sync, status } } }
}
