import type { Messages } from './en.js'
import { eventMessages } from './events.js'

export const de: Messages = { events: eventMessages.de }
