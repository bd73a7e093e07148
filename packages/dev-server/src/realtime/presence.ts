import { randomUUID } from 'node:crypto'
import type { Channel } from './channel.js'
import type { Payload } from './frame.js'

interface Presence {
  readonly key: string
  /** Whether the client listens to presence. */
  readonly listens: boolean
  /** What the client says of itself; undefined: nothing. */
  meta: Payload | undefined
}

/** Who says to be there, on each topic. */
export class Presences {
  readonly #topics = new Map<string, Map<Channel, Presence>>()

  /** Tells a newcomer who is there. */
  enter(channel: Channel): void {
    const { key, enabled } = channel.config.presence
    const members = this.#topics.get(channel.topic) ?? new Map<Channel, Presence>()
    const own = { key: key === '' ? randomUUID() : key, listens: enabled, meta: undefined }
    this.#topics.set(channel.topic, members.set(channel, own))
    if (!enabled) return
    const state: Record<string, { metas: Payload[] }> = {}
    for (const { key: name, meta } of members.values()) {
      if (meta) (state[name] ??= { metas: [] }).metas.push(meta)
    }
    channel.send('presence_state', state)
  }

  leave(channel: Channel): void {
    this.#say(channel, undefined)
    const members = this.#topics.get(channel.topic)
    members?.delete(channel)
    if (members?.size === 0) this.#topics.delete(channel.topic)
  }

  /** A client says something of itself, in place of what it has said before. */
  track(channel: Channel, said: Payload): void {
    const before = this.#topics.get(channel.topic)?.get(channel)?.meta?.phx_ref
    const previous = before === undefined ? {} : { phx_ref_prev: before }
    this.#say(channel, { ...said, phx_ref: randomUUID(), ...previous })
  }

  /** A client says nothing of itself any more. */
  untrack(channel: Channel): void {
    this.#say(channel, undefined)
  }

  #say(channel: Channel, meta: Payload | undefined): void {
    const members = this.#topics.get(channel.topic)
    const own = members?.get(channel)
    if (!members || !own || (!own.meta && !meta)) return
    const side = (one: Payload | undefined) => (one ? { [own.key]: { metas: [one] } } : {})
    const diff = { joins: side(meta), leaves: side(own.meta) }
    own.meta = meta
    for (const [other, { listens }] of members)
      if (listens || other === channel) other.send('presence_diff', diff)
  }
}
