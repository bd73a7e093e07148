import type { Permissions } from './permissions.js'

/** Where a broadcast is heard: a private channel and a public one of the same name are not the same. */
export interface Room {
  /** As clients name it, without `realtime:`. */
  readonly name: string
  readonly isPrivate: boolean
}

/** The room as a key of a map. */
export const keyOf = ({ name, isPrivate }: Room): string => `${isPrivate ? 'private' : 'public'}:${name}`

/** Somebody in a room. */
export interface Member {
  readonly room: Room
  readonly permissions: Permissions
}
