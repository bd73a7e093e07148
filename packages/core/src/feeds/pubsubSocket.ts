import { safeParse } from 'zod/v4/core'
import type { Ports, Stop } from '../base/ports.js'
import type { FeedProblem } from './event.js'
import {
  pubsubSubprotocol,
  serverMessage,
  tokenSubprotocolPrefix,
  type ClientMessage,
  type ServerMessage,
} from './pubsubProtocol.js'

/** What is used of a browser's WebSocket. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'addEventListener' | 'readyState'>
export type MakeSocket = (url: string, protocols: string[]) => SocketLike

export interface PubsubSocketOptions {
  readonly url: string
  readonly token: string
  readonly makeSocket: MakeSocket
  readonly ports: Pick<Ports, 'timer'>
  readonly hear: (message: ServerMessage) => void
  /** Called with what came and is no message. */
  readonly problem: (problem: FeedProblem) => void
  /** Called once, when the socket is gone; never after `close`. */
  readonly gone: (code: number) => void
}

/** Milliseconds: how often the server is asked for a sign of life, and how long it may take to give one. */
const heartbeat = 30_000
const patience = 10_000
/** How a socket ends that closes without saying why. */
const abnormal = 1006

/** One socket of the PubSub protocol: reads its frames, and notices when the other end is silent. */
export class PubsubSocket {
  readonly #options: PubsubSocketOptions
  readonly #socket: SocketLike
  #open = true
  /** Runs out unless something is heard before. */
  #timer: Stop

  constructor(options: PubsubSocketOptions) {
    const { url, token, makeSocket, ports } = options
    this.#options = options
    this.#socket = makeSocket(url, [pubsubSubprotocol, tokenSubprotocolPrefix + token])
    this.#timer = ports.timer(patience, () => this.#end(abnormal))
    this.#socket.addEventListener('message', ({ data }) => this.#read(data))
    this.#socket.addEventListener('close', ({ code }) => this.#end(code))
  }

  send(message: ClientMessage): void {
    if (this.#open && this.#socket.readyState === 1) this.#socket.send(JSON.stringify(message))
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#timer()
    this.#socket.close(1000)
  }

  #read(data: unknown): void {
    if (!this.#open) return
    this.#expectNextSign()
    const { data: message, error } = safeParse(serverMessage, parse(data))
    if (message) this.#options.hear(message)
    else this.#options.problem({ message: `No message of PubSub: ${error?.message ?? ''}`, value: data })
  }

  /** Whatever is heard is a sign of life; after a while without one the server is asked for it. */
  #expectNextSign(): void {
    const { ports } = this.#options
    this.#timer()
    this.#timer = ports.timer(heartbeat, () => {
      this.send({ type: 'PING' })
      this.#timer = ports.timer(patience, () => this.#end(abnormal))
    })
  }

  #end(code: number): void {
    if (!this.#open) return
    this.close()
    this.#options.gone(code)
  }
}

/** A frame's value; what is not JSON is no message either. */
function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data))
  } catch {
    return undefined
  }
}
