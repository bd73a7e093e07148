import type { Messages } from './en.js'
import { eventMessages } from './events.js'

export const ar: Messages = { events: eventMessages.ar }
