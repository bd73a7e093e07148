import type { Message } from './frame.js'
import { keyOf, type Member, type Room } from './room.js'

/** Gives a broadcast to one client. */
export type Hear = (message: Message) => void

/** Who is in which room: broadcasts between the sockets of this server. */
export class Rooms {
  readonly #members = new Map<string, Map<Member, Hear>>()

  /** Whether anybody is anywhere. */
  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  enter(member: Member, hear: Hear): void {
    const key = keyOf(member.room)
    const members = this.#members.get(key) ?? new Map<Member, Hear>()
    this.#members.set(key, members.set(member, hear))
  }

  leave(member: Member): void {
    const members = this.#members.get(keyOf(member.room))
    members?.delete(member)
    if (members?.size === 0) this.#members.delete(keyOf(member.room))
  }

  /** Tells everybody in the room who may hear it, but not `except`. */
  broadcast(room: Room, message: Message, except?: Member): void {
    for (const [member, hear] of this.#members.get(keyOf(room)) ?? []) {
      if (member !== except && member.permissions.hearsBroadcasts) hear(message)
    }
  }
}
