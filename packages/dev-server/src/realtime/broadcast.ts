import type { Channel } from './channel.js'
import type { Message } from './frame.js'

/** Gives a broadcast to one client. */
export type Hear = (topic: string, message: Message) => void

/** Who is on which topic: broadcasts between the sockets of this server. */
export class Topics {
  readonly #members = new Map<string, Map<Channel, Hear>>()

  enter(channel: Channel, hear: Hear): void {
    const members = this.#members.get(channel.topic) ?? new Map<Channel, Hear>()
    this.#members.set(channel.topic, members.set(channel, hear))
  }

  leave(channel: Channel): void {
    const members = this.#members.get(channel.topic)
    members?.delete(channel)
    if (members?.size === 0) this.#members.delete(channel.topic)
  }

  /** Tells everybody on the topic, but not `except`. */
  broadcast(topic: string, message: Message, except?: Channel): void {
    for (const [channel, hear] of this.#members.get(topic) ?? []) if (channel !== except) hear(topic, message)
  }
}
