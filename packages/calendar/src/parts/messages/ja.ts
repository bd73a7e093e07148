import type { Messages } from './en.js'
import { eventMessages } from './events.js'

export const ja: Messages = { events: eventMessages.ja }
