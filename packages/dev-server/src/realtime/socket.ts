import type { WebSocket } from 'ws'
import type { Context } from '../context.js'
import type { Faults } from '../faults.js'
import type { Topics } from './broadcast.js'
import { Channel } from './channel.js'
import type { Dispatcher } from './dispatcher.js'
import type { Frame, Payload } from './frame.js'
import { claimsOf, isToken, JoinError, readConfig } from './join.js'
import type { Presences } from './presence.js'
import type { Serializer } from './serializer.js'

export interface SocketOptions {
  readonly context: Context & { readonly faults: Faults }
  readonly dispatcher: Dispatcher
  readonly topics: Topics
  readonly presences: Presences
  readonly serializer: Serializer
  /** The key that the socket was opened with: whoever joins without a token has its role. */
  readonly key: string
}

/** A socket that is silent for so long is closed, in ms. */
const idleTimeout = 60_000

/** A client that does not read is let go when so much waits for it, in bytes. */
const mostWaiting = 64 * 1024 * 1024

const mostChannels = 100

/** One client: reads its frames, one after the other, and keeps its channels. */
export class Socket {
  readonly #socket: WebSocket
  readonly #options: SocketOptions
  readonly #channels = new Map<string, Channel>()
  readonly #idle: ReturnType<typeof setTimeout>
  #handled: Promise<void> = Promise.resolve()
  #ended = false
  #signedIn = false

  constructor(socket: WebSocket, options: SocketOptions) {
    this.#socket = socket
    this.#options = options
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
    if (frame.event === 'broadcast') return this.#broadcast(frame, channel)
    if (frame.event === 'presence') return this.#presence(frame, channel)
  }

  async #join(frame: Frame): Promise<void> {
    this.#drop(frame.topic)
    let channel: Channel | undefined
    try {
      channel = await this.#admit(frame)
      const announce = await channel.open()
      // The client may have gone, and the token may have expired, while it was opened.
      if (this.#ended || channel.closed) return channel.close()
      this.#enter(channel)
      this.#reply(frame, 'ok', { postgres_changes: channel.bindings })
      this.#options.presences.enter(channel)
      announce()
    } catch (error) {
      channel?.close()
      if (!(error instanceof JoinError)) throw error
      this.#reply(frame, 'error', { reason: error.message })
    }
  }

  /** @throws JoinError */
  async #admit({ topic, joinRef, payload }: Frame): Promise<Channel> {
    const { context, dispatcher, key } = this.#options
    if (!topic.startsWith('realtime:')) throw new JoinError('unmatched topic')
    if (this.#channels.size >= mostChannels) throw new JoinError('ChannelRateLimitReached: Too many channels')
    const config = readConfig(payload)
    const token = isToken(payload.access_token) ? payload.access_token : key
    const claims = await claimsOf(context.tokens, token, context.clock())
    if (config.private) {
      const name = topic.replace(/^realtime:/, '')
      throw new JoinError(
        `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`,
      )
    }
    this.#note(topic, claims.sub)
    const send = (event: string, body: Payload): void =>
      this.#send({ joinRef, ref: null, topic, event, payload: body })
    const ended = (): void => this.#drop(topic)
    return new Channel({ context, dispatcher, topic, joinRef, config, claims, token, send, ended })
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

  #enter(channel: Channel): void {
    this.#channels.set(channel.topic, channel)
    this.#options.topics.enter(channel, (topic, message) => {
      const data = this.#options.serializer.broadcast(topic, message)
      if (data !== undefined) this.#write(data)
    })
  }

  #leave(frame: Frame, channel: Channel): void {
    this.#drop(frame.topic)
    this.#reply(frame, 'ok', {})
    channel.send('phx_close', {})
  }

  #broadcast({ payload, ...frame }: Frame, channel: Channel): void {
    const { self, ack } = channel.config.broadcast
    const message = { event: String(payload.event), payload: payload.payload }
    this.#options.topics.broadcast(frame.topic, message, self ? undefined : channel)
    if (ack) this.#reply({ ...frame, payload }, 'ok', {})
  }

  #presence(frame: Frame, channel: Channel): void {
    const { event, payload } = frame.payload
    if (event === 'track') this.#options.presences.track(channel, { ...(payload as Payload | undefined) })
    else this.#options.presences.untrack(channel)
    this.#reply(frame, 'ok', {})
  }

  #drop(topic: string): void {
    const channel = this.#channels.get(topic)
    if (!channel) return
    this.#channels.delete(topic)
    channel.close()
    this.#options.topics.leave(channel)
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
