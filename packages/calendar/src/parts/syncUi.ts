import type { SyncMessages } from './messages/sync.js'

/** What the sync components need to know of where they stand; a calendar's ui has it all. */
export interface SyncUi {
  /** BCP 47. */
  readonly locale: string
  /** IANA name of the zone that times are shown in. */
  readonly timeZone: string
  readonly messages: { readonly sync: SyncMessages }
}

/** A number as people of the locale write it. */
export const countText = (count: number, { locale }: SyncUi): string =>
  new Intl.NumberFormat(locale).format(count)

/** A time of day, in the user's zone; `time` is in ms since the epoch. */
export const clockText = (time: number, { locale, timeZone }: SyncUi): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(time)
