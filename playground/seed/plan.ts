/** The demo's users, by the name in their address. */
export type Person = 'ada' | 'ben'

/** How one person has filed an event. Calendars and categories are named by their keys; left out: the default. */
export interface Filing {
  readonly calendar?: string
  readonly category?: string
  readonly showTimeAs?: 'free' | 'tentative' | 'busy' | 'oof' | 'working_elsewhere'
  readonly defense?: 'flexible' | 'normal' | 'high' | 'hard_block'
  readonly aiInstructions?: string
}

/** What somebody who is invited may do, and what they answered. */
export interface Guest {
  readonly role: 'viewer' | 'contributor' | 'delegate_full'
  readonly rsvp: 'tentative' | 'accepted' | 'declined' | null
  readonly following?: boolean
  readonly filing?: Filing
}

/** An event of the demo with all that hangs on it. */
export interface PlannedEvent {
  /** Unique; the ids of the rows come from it. */
  readonly key: string
  readonly owner: Person
  readonly title: string
  readonly agenda?: string
  /** ms since the epoch. */
  readonly start: number
  readonly minutes: number
  readonly allDay?: boolean
  readonly private?: boolean
  readonly place?: 'online' | 'in-person'
  readonly filing?: Filing
  readonly guests?: Partial<Record<Person, Guest>>
}

/** A calendar or category besides the default ones, which every user has from the start. */
export interface PlannedLabel {
  readonly owner: Person
  /** Unique among its owner's. */
  readonly key: string
  readonly name: string
  readonly color: string
  readonly type?: 'user' | 'archive'
  readonly visible?: boolean
}

export const hour = 60
export const day = 24 * hour
export const minuteMs = 60_000
export const dayMs = day * minuteMs

export const other = (person: Person): Person => (person === 'ada' ? 'ben' : 'ada')
