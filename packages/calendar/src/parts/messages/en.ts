import { eventMessages } from './events.js'
import { syncMessages } from './sync.js'

/** All words of the components. */
export const en = { events: eventMessages.en, sync: syncMessages.en }
/** What every language says. */
export type Messages = typeof en
