import type { Outlets } from './outlets.js'
import { PubsubChannels } from './pubsubChannels.js'
import type { PubsubLink } from './pubsubLink.js'
import type { ServerMessage } from './pubsubProtocol.js'

/** What the service says, and how much of it has been heard. */
export class PubsubNews {
  readonly channels: PubsubChannels
  readonly #outlets: Outlets
  readonly #link: PubsubLink
  /** Until where in the service's log everything was heard. */
  #position: { readonly epoch: string; readonly seq: string } | undefined
  /** What was missed has been asked for and is not all there yet: what comes meanwhile says nothing about the position. */
  #resuming = false

  constructor(outlets: Outlets, link: PubsubLink) {
    this.#outlets = outlets
    this.#link = link
    this.channels = new PubsubChannels(outlets, (message) => link.send(message))
  }

  forget(): void {
    this.#position = undefined
    this.#resuming = false
    this.channels.forget()
  }

  hear(message: ServerMessage): void {
    switch (message.type) {
      case 'CONNECTED':
        return this.#connected(message.payload)
      case 'SUBSCRIBED':
        return this.channels.subscribed(message.payload)
      case 'INVALIDATE':
        this.channels.invalidate(message.payload)
        return this.#heardUntil(message.payload.seq)
      case 'PONG':
        return this.#heardUntil(message.payload?.seq)
      case 'RESUMED':
        this.#resuming = false
        return this.#heardUntil(message.payload.seq)
      case 'REFETCH':
        this.#resuming = false
        this.#position = message.payload
        return this.#outlets.missed.next(undefined)
      case 'REVOKED':
        return this.channels.revoked(message.payload)
      case 'ERROR':
        return this.#outlets.problem.next({ message: message.payload.message, value: message })
    }
  }

  #connected({ epoch, seq }: { readonly epoch: string; readonly seq: string }): void {
    this.channels.connected()
    this.#resuming = this.#position !== undefined
    if (this.#position) this.#link.send({ type: 'RESUME', payload: this.#position })
    else this.#position = { epoch, seq }
  }

  #heardUntil(seq: string | undefined): void {
    if (seq !== undefined && this.#position && !this.#resuming) this.#position = { ...this.#position, seq }
  }
}
