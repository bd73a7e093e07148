import type { EventMessages } from './messages/events.js'

/** What the event components need to know of where they stand; a calendar's ui has it all. */
export interface EventUi {
  /** BCP 47. */
  readonly locale: string
  /** IANA name of the zone that times are shown in. */
  readonly timeZone: string
  readonly messages: { readonly events: EventMessages }
}
