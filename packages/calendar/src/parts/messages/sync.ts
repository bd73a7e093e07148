import { ar } from './sync/ar.js'
import { de } from './sync/de.js'
import { en } from './sync/en.js'
import { ja } from './sync/ja.js'

export type { SyncMessages } from './sync/en.js'

/** The words of the components that show synchronisation, storage and what is the user's own, in each language. */
export const syncMessages = { en, de, ar, ja }
