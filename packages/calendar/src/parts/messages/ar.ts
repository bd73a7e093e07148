import type { Messages } from './en.js'
import { eventMessages } from './events.js'
import { syncMessages } from './sync.js'

export const ar: Messages = { events: eventMessages.ar, sync: syncMessages.ar }
