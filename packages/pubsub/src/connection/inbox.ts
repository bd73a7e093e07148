import { clientMessage, type ClientMessage } from '@tidemark/core/pubsub'
import type { RawData } from 'ws'
import { safeParse } from 'zod/v4/core'
import type { Connection } from './connection.js'

/** How many messages wait for the one before them until the socket is read no further. */
const waiting = 16
/** How many frames that are not messages a connection may send. */
const forgiven = 5

/** Reads frames of one connection into messages, and has them handled one after the other. */
export class Inbox {
  readonly #connection: Connection
  readonly #handle: (message: ClientMessage) => Promise<void>
  #last: Promise<void> = Promise.resolve()
  #depth = 0
  #invalid = 0

  /** @param handle never rejects */
  constructor(connection: Connection, handle: (message: ClientMessage) => Promise<void>) {
    this.#connection = connection
    this.#handle = handle
  }

  /** Takes one frame as it came. */
  receive(data: RawData, binary: boolean): void {
    if (!this.#connection.open) return
    this.#connection.heard()
    const message = binary ? undefined : parseMessage(textOf(data))
    if (!this.#connection.bucket.take(costOf(message), performance.now())) {
      return this.#connection.close('limited', 'Too many messages.')
    }
    if (message === undefined) this.#refuse()
    else this.#enqueue(message)
  }

  #refuse(): void {
    this.#invalid += 1
    if (this.#invalid > forgiven)
      return this.#connection.close('invalid', 'Too many frames are not messages.')
    const payload = { code: 'message-invalid', message: 'The frame is not a message of the protocol.' }
    this.#connection.queue.send({ type: 'ERROR', payload })
  }

  #enqueue(message: ClientMessage): void {
    this.#depth += 1
    if (this.#depth === waiting) this.#connection.pause()
    this.#last = this.#last.then(async () => {
      if (this.#connection.open) await this.#handle(message)
      this.#depth -= 1
      if (this.#depth === waiting - 1) this.#connection.resume()
    })
  }
}

/** Reads one text frame; undefined where it is no message. It never throws. */
export function parseMessage(text: string): ClientMessage | undefined {
  const { success, data } = safeParse(clientMessage, parseJson(text))
  return success ? data : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // As little a message as any other value that is none.
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}

/** What asks Postgres about a thousand entities costs more than what asks about one. */
function costOf(message: ClientMessage | undefined): number {
  return message?.type === 'SUBSCRIBE' ? 1 + message.payload.entityIds.length / 250 : 1
}
