import { ar } from './events/ar.js'
import { de } from './events/de.js'
import { en } from './events/en.js'
import { ja } from './events/ja.js'

export type { EventMessages } from './events/en.js'

/** The words of the event components in each language. */
export const eventMessages = { en, de, ar, ja }
