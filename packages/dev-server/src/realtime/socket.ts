import type { WebSocket } from 'ws'
import type { Context } from '../context.js'
import type { Faults } from '../faults.js'
import { admit } from './admission.js'
import type { Rooms } from './broadcast.js'
import { Channel } from './channel.js'
import type { Dispatcher } from './dispatcher.js'
import type { Frame, Payload } from './frame.js'
import { JoinError } from './join.js'
import { Rate, type RealtimeLimits } from './limits.js'
import type { Presences } from './presence.js'
import type { Serializer } from './serializer.js'
import { enterRoom, speak } from './speech.js'

export interface SocketOptions {
  readonly context: Context & { readonly faults: Faults }
  readonly dispatcher: Dispatcher
  readonly rooms: Rooms
  readonly presences: Presences
  readonly limits: RealtimeLimits
  /** How many sockets there are. */
  readonly sockets: () => number
  readonly serializer: Serializer
  /** The key that the socket was opened with: whoever joins without a token has its role. */
  readonly key: string
}

/** A socket that is silent for so long is closed, in ms. */
const idleTimeout = 60_000

/** A client that does not read is let go when so much waits for it, in bytes. */
const mostWaiting = 64 * 1024 * 1024

/** One client: reads its frames, one after the other, and keeps its channels. */
export class Socket {
  readonly #socket: WebSocket
  readonly #options: SocketOptions
  readonly #channels = new Map<string, Channel>()
  readonly #joins: Rate
  readonly #events: Rate
  readonly #idle: ReturnType<typeof setTimeout>
  #handled: Promise<void> = Promise.resolve()
  #ended = false
  #signedIn = false

  constructor(socket: WebSocket, options: SocketOptions) {
    this.#socket = socket
    this.#options = options
    this.#joins = new Rate(options.limits.joinsPerSecond, 1_000)
    this.#events = new Rate(options.limits.eventsPerSecond, 1_000)
    this.#idle = setTimeout(() => socket.close(1000, 'idle'), idleTimeout)
    this.#idle.unref()
    socket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary))
    socket.on('close', () => this.#end())
    socket.on('error', () => this.#end())
  }

  #hear(data: Buffer, isBinary: boolean): void {
    this.#idle.refresh()
    const frame = this.#decode(data, isBinary)
    if (!frame) return
    if (frame.event === 'heartbeat') return this.#reply(frame, 'ok', {})
    this.#handled = this.#handled
      .then(() => this.#handle(frame))
      .catch((error: unknown) => this.#fail(frame, error))
  }

  #decode(data: Buffer, isBinary: boolean): Frame | undefined {
    try {
      return this.#options.serializer.decode(data, isBinary)
    } catch (error) {
      this.#socket.close(1003, error instanceof Error ? error.message.slice(0, 100) : '')
      return undefined
    }
  }

  #handle(frame: Frame): Promise<void> | void {
    if (this.#ended) return
    if (frame.event === 'phx_join') return this.#join(frame)
    const channel = this.#channels.get(frame.topic)
    if (!channel) return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    if (frame.event === 'phx_leave') return this.#leave(frame, channel)
    if (frame.event === 'access_token') return channel.renew(frame.payload.access_token)
    if (frame.event !== 'broadcast' && frame.event !== 'presence') return
    if (!this.#events.allows()) return channel.shutDown('Too many messages per second')
    if (speak(this.#options, channel, frame)) this.#reply(frame, 'ok', {})
  }

  async #join(frame: Frame): Promise<void> {
    this.#drop(frame.topic)
    let channel: Channel | undefined
    try {
      this.#refuseFlood()
      channel = await this.#open(frame)
      const announce = await channel.open()
      // The client may have gone, and the token may have expired, while it was opened.
      if (this.#ended || channel.closed) return channel.close()
      this.#channels.set(channel.topic, channel)
      await enterRoom(this.#options, channel, {
        write: (data) => this.#write(data),
        answer: (opened) => this.#reply(frame, 'ok', { postgres_changes: opened.bindings }),
      })
      announce()
    } catch (error) {
      channel?.close()
      if (!(error instanceof JoinError)) throw error
      this.#reply(frame, 'error', { reason: error.message })
      if (error.isFlood) this.#socket.close(1008, 'Too many joins per second')
    }
  }

  /** @throws JoinError */
  #refuseFlood(): void {
    const { limits, sockets } = this.#options
    if (!this.#joins.allows()) {
      throw new JoinError('ClientJoinRateLimitReached: Too many joins per second', true)
    }
    if (sockets() > limits.sockets) {
      throw new JoinError('ConnectionRateLimitReached: Too many connected users')
    }
    if (this.#channels.size >= limits.channels) {
      throw new JoinError('ChannelRateLimitReached: Too many channels')
    }
  }

  /** @throws JoinError */
  async #open(frame: Frame): Promise<Channel> {
    const { context, dispatcher, key, limits } = this.#options
    const { topic, joinRef } = frame
    const admission = await admit(context, frame, key)
    if (limits.privateOnly && !admission.config.private) {
      throw new JoinError('PrivateOnly: This project only allows private channels')
    }
    this.#note(topic, admission.claims.sub)
    if (context.faults.forUser(admission.claims.sub).restartRealtime) {
      throw new JoinError('RealtimeRestarting: Realtime is restarting, please standby')
    }
    const send = (event: string, body: Payload): void =>
      this.#send({ joinRef, ref: null, topic, event, payload: body })
    const ended = (): void => this.#drop(topic)
    return new Channel({ context, dispatcher, topic, joinRef, ...admission, limits, send, ended })
  }

  /** Says what is easily overlooked, and refuses those whom a fault keeps away. */
  #note(topic: string, user: string | undefined): void {
    const { faults, log } = this.#options.context
    if (user === undefined && this.#signedIn) {
      log(
        `Realtime: ${topic} was joined as anon, though its user is signed in. Await realtime.setAuth() first.`,
      )
    }
    this.#signedIn ||= user !== undefined
    const settings = faults.forUser(user)
    if (settings !== faults.current && settings.rejectRealtime) this.#socket.terminate()
  }

  #leave(frame: Frame, channel: Channel): void {
    this.#drop(frame.topic)
    this.#reply(frame, 'ok', {})
    channel.send('phx_close', {})
  }

  #drop(topic: string): void {
    const channel = this.#channels.get(topic)
    if (!channel) return
    this.#channels.delete(topic)
    channel.close()
    this.#options.rooms.leave(channel)
    this.#options.presences.leave(channel)
  }

  #end(): void {
    this.#ended = true
    clearTimeout(this.#idle)
    for (const topic of [...this.#channels.keys()]) this.#drop(topic)
  }

  #fail(frame: Frame, error: unknown): void {
    this.#options.context.log(`Realtime: ${error instanceof Error ? error.message : String(error)}`)
    this.#drop(frame.topic)
    this.#send({ ...frame, ref: null, event: 'phx_error', payload: {} })
  }

  #reply(frame: Frame, status: 'ok' | 'error', response: Payload): void {
    this.#send({ ...frame, event: 'phx_reply', payload: { status, response } })
  }

  #send(frame: Frame): void {
    this.#write(this.#options.serializer.encode(frame))
  }

  #write(data: string | Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#socket.bufferedAmount > mostWaiting) return this.#socket.terminate()
    this.#socket.send(data)
  }
}
