import type { WebSocket } from 'ws'
import type { Context } from '../context.js'
import { TokenError } from '../tokens.js'
import { Channel, type ChannelConfig } from './channel.js'
import type { Dispatcher } from './dispatcher.js'
import type { Hub } from './hub.js'
import type { Frame, Serializer } from './serializer.js'

export interface SocketOptions {
  readonly context: Context
  readonly dispatcher: Dispatcher
  readonly hub: Hub
  readonly serializer: Serializer
  /** The key that the socket was opened with: whoever joins without a token is its role. */
  readonly key: string
}

type Payload = Readonly<Record<string, unknown>>

/** One client: reads its frames, and keeps its channels. */
export class Socket {
  readonly #socket: WebSocket
  readonly #options: SocketOptions
  readonly #channels = new Map<string, Channel>()

  constructor(socket: WebSocket, options: SocketOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary))
    socket.on('close', () => this.#end())
    socket.on('error', () => this.#end())
  }

  #hear(data: Buffer, isBinary: boolean): void {
    let frame: Frame
    try {
      frame = this.#options.serializer.decode(data, isBinary)
    } catch (error) {
      return this.#socket.close(1003, error instanceof Error ? error.message.slice(0, 100) : '')
    }
    this.#handle(frame).catch((error: unknown) => {
      this.#options.context.log(`Realtime: ${error instanceof Error ? error.message : String(error)}`)
      this.#send({ ...frame, ref: null, event: 'phx_error', payload: {} })
    })
  }

  async #handle(frame: Frame): Promise<void> {
    const channel = this.#channels.get(frame.topic)
    if (frame.event === 'heartbeat') return this.#reply(frame, 'ok', {})
    if (frame.event === 'phx_join') return this.#join(frame)
    if (!channel) return this.#reply(frame, 'error', { reason: 'unmatched topic' })
    if (frame.event === 'phx_leave') return this.#leave(frame, channel)
    if (frame.event === 'access_token') return channel.renew(frame.payload.access_token)
    if (frame.event === 'broadcast') return this.#broadcast(frame, channel)
    if (frame.event === 'presence') return this.#presence(frame, channel)
  }

  async #join(frame: Frame): Promise<void> {
    const { topic, joinRef, payload } = frame
    const { context, dispatcher, hub, key } = this.#options
    const config = (payload.config ?? {}) as ChannelConfig
    if (config.private) {
      const reason = `Unauthorized: You do not have permissions to read from this Channel topic: ${topic.replace(/^realtime:/, '')}`
      return this.#reply(frame, 'error', { reason })
    }
    this.#drop(topic)
    try {
      const given = payload.access_token
      const claims = await context.tokens.verify(
        typeof given === 'string' && !given.startsWith('sb_') ? given : key,
      )
      const send = (event: string, body: Payload): void =>
        this.#send({ joinRef, ref: null, topic, event, payload: body })
      const channel = new Channel(context, {
        topic,
        joinRef,
        config,
        claims,
        out: { send },
        closed: () => this.#drop(topic),
      })
      const bindings = channel.listen(dispatcher)
      this.#channels.set(topic, channel)
      hub.enter(topic, channel, send)
      this.#reply(frame, 'ok', { postgres_changes: bindings })
      channel.announce()
      hub.welcome(topic, channel)
    } catch (error) {
      const reason = joinError(error)
      if (reason === undefined) throw error
      this.#reply(frame, 'error', { reason })
    }
  }

  #leave(frame: Frame, channel: Channel): void {
    this.#drop(frame.topic)
    this.#reply(frame, 'ok', {})
    this.#send({ joinRef: channel.joinRef, ref: null, topic: frame.topic, event: 'phx_close', payload: {} })
  }

  #broadcast(frame: Frame, channel: Channel): void {
    this.#options.hub.broadcast(
      frame.topic,
      frame.payload,
      channel.config.broadcast?.self ? undefined : channel,
    )
    if (channel.config.broadcast?.ack) this.#reply(frame, 'ok', {})
  }

  #presence(frame: Frame, channel: Channel): void {
    const { event, payload } = frame.payload
    this.#options.hub.presence(
      frame.topic,
      channel,
      event === 'track' ? ((payload ?? {}) as Payload) : undefined,
    )
    this.#reply(frame, 'ok', {})
  }

  #drop(topic: string): void {
    const channel = this.#channels.get(topic)
    if (!channel) return
    this.#channels.delete(topic)
    channel.close()
    this.#options.hub.leave(topic, channel)
  }

  #end(): void {
    for (const topic of [...this.#channels.keys()]) this.#drop(topic)
  }

  #reply(frame: Frame, status: 'ok' | 'error', response: Payload): void {
    this.#send({ ...frame, event: 'phx_reply', payload: { status, response } })
  }

  #send(frame: Frame): void {
    if (this.#socket.readyState === this.#socket.OPEN)
      this.#socket.send(this.#options.serializer.encode(frame))
  }
}

function joinError(error: unknown): string | undefined {
  if (error instanceof SyntaxError) return `RealtimeDisabledForConfiguration: ${error.message}`
  if (!(error instanceof TokenError)) return undefined
  if (error.reason === 'expired') return 'InvalidJWTToken: Token has expired'
  if (error.reason === 'signature') return 'JwtSignatureError: Failed to validate JWT signature'
  return error.reason === 'claims'
    ? 'InvalidJWTToken: Fields `role` and `exp` are required in JWT'
    : `MalformedJWT: ${error.message}`
}
