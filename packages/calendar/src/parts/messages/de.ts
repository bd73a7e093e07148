import type { Messages } from './en.js'
import { eventMessages } from './events.js'
import { syncMessages } from './sync.js'

export const de: Messages = { events: eventMessages.de, sync: syncMessages.de }
