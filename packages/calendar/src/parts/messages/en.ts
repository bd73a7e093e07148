import { eventMessages } from './events.js'

/** All words of the components. */
export const en = { events: eventMessages.en }
/** What every language says. */
export type Messages = typeof en
