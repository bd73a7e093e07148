import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Channel } from './channel.js'
import type { Payload } from './frame.js'
import { keyOf } from './room.js'

interface Presence {
  readonly key: string
  /** Whether the client listens to presence. */
  readonly listens: boolean
  /** What the client says of itself; undefined: nothing. */
  meta: Payload | undefined
  /** The same as it came. */
  said: Payload | undefined
}

/** Who says to be there, in each room. */
export class Presences {
  readonly #rooms = new Map<string, Map<Channel, Presence>>()

  /** Tells a newcomer who is there. */
  enter(channel: Channel): void {
    const { key, enabled } = channel.config.presence
    const room = keyOf(channel.room)
    const members = this.#rooms.get(room) ?? new Map<Channel, Presence>()
    const listens = enabled && channel.permissions.hearsPresence
    const own = { key: key === '' ? randomUUID() : key, listens, meta: undefined, said: undefined }
    this.#rooms.set(room, members.set(channel, own))
    if (!listens) return
    const state: Record<string, { metas: Payload[] }> = {}
    for (const { key: name, meta } of members.values()) {
      if (meta) (state[name] ??= { metas: [] }).metas.push(meta)
    }
    channel.send('presence_state', state)
  }

  leave(channel: Channel): void {
    const room = keyOf(channel.room)
    const members = this.#rooms.get(room)
    const own = members?.get(channel)
    members?.delete(channel)
    if (members?.size === 0) this.#rooms.delete(room)
    if (members && own?.meta) tell(members, { joins: {}, leaves: sideOf(own.key, own.meta) })
  }

  /** Whether a client would say again what it has said. */
  knows(channel: Channel, said: Payload): boolean {
    const before = this.#rooms.get(keyOf(channel.room))?.get(channel)?.said
    return before !== undefined && isDeepStrictEqual(before, said)
  }

  /** A client says something of itself, in place of what it has said before. */
  track(channel: Channel, said: Payload): void {
    const own = this.#rooms.get(keyOf(channel.room))?.get(channel)
    if (own) own.said = said
    const before = own?.meta?.phx_ref
    const previous = before === undefined ? {} : { phx_ref_prev: before }
    this.#say(channel, { ...said, phx_ref: randomUUID(), ...previous })
  }

  /** A client says nothing of itself any more. */
  untrack(channel: Channel): void {
    const own = this.#rooms.get(keyOf(channel.room))?.get(channel)
    if (own) own.said = undefined
    this.#say(channel, undefined)
  }

  #say(channel: Channel, meta: Payload | undefined): void {
    const members = this.#rooms.get(keyOf(channel.room))
    const own = members?.get(channel)
    if (!members || !own || (!own.meta && !meta)) return
    const diff = { joins: sideOf(own.key, meta), leaves: sideOf(own.key, own.meta) }
    own.meta = meta
    tell(members, diff, channel)
  }
}

const sideOf = (key: string, meta: Payload | undefined) => (meta ? { [key]: { metas: [meta] } } : {})

/** Tells those who listen, and whoever says it. */
function tell(members: ReadonlyMap<Channel, Presence>, diff: Payload, speaker?: Channel): void {
  for (const [channel, { listens }] of members) {
    if (listens || channel === speaker) channel.send('presence_diff', diff)
  }
}
