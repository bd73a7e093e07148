import {
  closeCodes,
  pubsubSubprotocol,
  tokenSubprotocolPrefix,
  type ClientMessage,
  type ServerMessage,
} from '@tidemark/core/pubsub'
import { SignJWT } from 'jose'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { WebSocket, type ClientOptions } from 'ws'
import { readConfiguration } from '../src/configuration.js'
import { createLog } from '../src/log.js'
import { startPubsub, type Pubsub } from '../src/service.js'

export const secret = 'a secret of thirty-two characters'
export const ann = '11111111-1111-4111-8111-111111111111'
export const bob = '22222222-2222-4222-8222-222222222222'

/** Signs a token; claims that are undefined are left out. */
export const tokenOf = (user: string, claims: object = {}): Promise<string> =>
  new SignJWT({
    sub: user,
    role: 'authenticated',
    aud: 'authenticated',
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret))

export interface TestService extends Pubsub {
  readonly url: string
  /** All that was logged, as text. */
  readonly logged: () => string
}

/** Starts the service on a port of the system's choice; variables overwrite what tests mostly want. */
export async function startTestService(
  databaseUrl: string,
  variables: Record<string, string> = {},
  clock: () => number = Date.now,
): Promise<TestService> {
  let logged = ''
  const sink = new Writable({
    write(chunk, _, done) {
      logged += String(chunk)
      done()
    },
  })
  const configuration = readConfiguration({
    DATABASE_URL: databaseUrl,
    JWT_SECRET: secret,
    PUBSUB_PORT: '0',
    PUBSUB_DRAIN_SECONDS: '0',
    ...variables,
  })
  const service = await startPubsub(configuration, { log: createLog('debug', sink), clock })
  return { ...service, url: `ws://127.0.0.1:${service.port}`, logged: () => logged }
}

/** A figure of `/metrics`. @param name as it stands there, without what all names begin with */
export async function metricOf({ url }: TestService, name: string): Promise<number> {
  const text = await (await fetch(`${url.replace('ws', 'http')}/metrics`)).text()
  const line = text.split('\n').find((line) => line.startsWith(`tidemark_pubsub_${name} `))
  return Number(line?.split(' ').at(-1))
}

type Message<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

/** A plain WebSocket that remembers what it was told. */
export class TestClient {
  readonly socket: WebSocket
  readonly messages: ServerMessage[] = []
  readonly closed: Promise<keyof typeof closeCodes | number>
  #read = 0

  constructor(url: string, token?: string, options: ClientOptions = {}) {
    const protocols = token === undefined ? [] : [pubsubSubprotocol, tokenSubprotocolPrefix + token]
    this.socket = new WebSocket(url, protocols, options)
    this.socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString())))
    this.socket.on('error', () => undefined) // A test asks how it was closed.
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve(nameOf(code))))
  }

  get open(): Promise<unknown> {
    return this.socket.readyState === WebSocket.OPEN ? Promise.resolve() : once(this.socket, 'open')
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  /** The next message of a type; what came before it is passed over. */
  async next<Type extends ServerMessage['type']>(
    type: Type,
    within = 5_000,
  ): Promise<Message<Type>['payload']> {
    const until = Date.now() + within
    for (;;) {
      const message = this.messages[this.#read]
      if (message !== undefined) {
        this.#read += 1
        if (message.type === type) return message.payload as Message<Type>['payload']
      } else {
        const over = Date.now() > until || this.socket.readyState === WebSocket.CLOSED
        if (over) throw new Error(`No ${type} came; ${JSON.stringify(this.messages)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
  }

  async subscribe(
    entityCode: string,
    entityIds: string[],
    list?: boolean,
  ): Promise<Message<'SUBSCRIBED'>['payload']> {
    this.send({ type: 'SUBSCRIBE', payload: { entityCode, entityIds, ...(list !== undefined && { list }) } })
    return this.next('SUBSCRIBED')
  }

  /** Ids of all changes heard so far, in order. */
  heard(): string[] {
    return this.messages.flatMap((message) =>
      message.type === 'INVALIDATE' ? message.payload.changes.map(({ entityId }) => entityId) : [],
    )
  }

  /** The highest version heard of each entity. */
  newest(): Map<string, number> {
    const versions = new Map<string, number>()
    for (const message of this.messages) {
      if (message.type !== 'INVALIDATE') continue
      for (const { entityId, version = 0 } of message.payload.changes) {
        versions.set(entityId, Math.max(version, versions.get(entityId) ?? 0))
      }
    }
    return versions
  }

  /** Where a client resumes that was told all this. */
  get position(): { epoch: string; seq: string } {
    let position = { epoch: '', seq: '0' }
    for (const { type, payload } of this.messages as { type: string; payload?: Record<string, string> }[]) {
      if (type !== 'ERROR' && payload?.seq !== undefined)
        position = { ...position, ...payload, seq: payload.seq }
    }
    return { epoch: position.epoch, seq: position.seq }
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }
}

/** A client of a user that is connected. */
export async function connect(
  url: string,
  user: string,
  claims: object = {},
  options: ClientOptions = {},
): Promise<TestClient> {
  const client = new TestClient(url, await tokenOf(user, claims), options)
  await client.next('CONNECTED')
  return client
}

function nameOf(code: number): keyof typeof closeCodes | number {
  const found = Object.entries(closeCodes).find(([, value]) => value === code)
  return (found?.[0] as keyof typeof closeCodes | undefined) ?? code
}
