import { randomUUID } from 'node:crypto'
import type { Channel } from './channel.js'

type Payload = Readonly<Record<string, unknown>>
type Send = (event: string, payload: Payload) => void

interface Member {
  readonly channel: Channel
  readonly send: Send
  readonly key: string
  meta: Payload | undefined
}

/** Who is on which topic: broadcasts and presence between the sockets of this server. */
export class Hub {
  readonly #topics = new Map<string, Map<Channel, Member>>()

  enter(topic: string, channel: Channel, send: Send): void {
    const members = this.#topics.get(topic) ?? new Map<Channel, Member>()
    this.#topics.set(topic, members)
    const key = channel.config.presence?.key
    members.set(channel, {
      channel,
      send,
      key: key === undefined || key === '' ? randomUUID() : key,
      meta: undefined,
    })
  }

  /** Tells a newcomer who is there. */
  welcome(topic: string, channel: Channel): void {
    const members = this.#topics.get(topic)
    const member = members?.get(channel)
    if (!members || !member || !channel.config.presence?.enabled) return
    const state: Record<string, { metas: Payload[] }> = {}
    for (const { key, meta } of members.values()) if (meta) (state[key] ??= { metas: [] }).metas.push(meta)
    member.send('presence_state', state)
  }

  leave(topic: string, channel: Channel): void {
    const members = this.#topics.get(topic)
    const member = members?.get(channel)
    if (!members || !member) return
    members.delete(channel)
    if (member.meta) this.#tell(topic, { joins: {}, leaves: { [member.key]: { metas: [member.meta] } } })
    if (members.size === 0) this.#topics.delete(topic)
  }

  broadcast(topic: string, payload: Payload, except?: Channel): void {
    for (const { channel, send } of this.#topics.get(topic)?.values() ?? [])
      if (channel !== except) send('broadcast', payload)
  }

  /** Tracks what a member says of itself; `undefined`: nothing any more. */
  presence(topic: string, channel: Channel, said: Payload | undefined): void {
    const member = this.#topics.get(topic)?.get(channel)
    if (!member) return
    const before = member.meta
    member.meta = said && { phx_ref: randomUUID(), ...said }
    const side = (meta: Payload | undefined) => (meta ? { [member.key]: { metas: [meta] } } : {})
    this.#tell(topic, { joins: side(member.meta), leaves: side(before) })
  }

  #tell(topic: string, diff: Payload): void {
    for (const { send } of this.#topics.get(topic)?.values() ?? []) send('presence_diff', diff)
  }
}
