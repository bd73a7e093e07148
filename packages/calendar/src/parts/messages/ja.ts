import type { Messages } from './en.js'
import { eventMessages } from './events.js'
import { syncMessages } from './sync.js'

export const ja: Messages = { events: eventMessages.ja, sync: syncMessages.ja }
