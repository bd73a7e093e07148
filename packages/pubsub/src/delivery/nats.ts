import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'
import { z } from 'zod'
import { reasonOf } from '../errors.js'
import type { Logger } from '../log.js'
import type { Change } from './change.js'
import type { Batch } from './logWatcher.js'

const snapshot = z.string().regex(/^\d+:\d+:(\d+(,\d+)*)?$/)

/** What travels between instances is checked like what comes from clients. */
const batch = z.object({
  epoch: z.string(),
  from: snapshot,
  to: snapshot,
  changes: z.array(
    z.object({
      entityCode: z.string(),
      entityId: z.string(),
      action: z.enum(['CREATE', 'UPDATE', 'DELETE']),
      version: z.number().exactOptional(),
      lists: z.boolean(),
    }),
  ),
})

export interface NatsOptions {
  readonly url: string
  readonly subject: string
  readonly log: Logger
  readonly receive: (batch: Batch) => void
}

/** The link to the other instances. Nothing is lost without it: each instance then reads the log itself, a little later. */
export interface Nats {
  readonly connected: boolean
  publish(batch: Batch): void
  close(): Promise<void>
}

/** The most changes of a message, so that it stays far below what NATS takes. */
const changesInMessage = 2_000
/** How long until a lost link is made again, in ms. */
const pause = 1_000

/**
 * Connects in the background, and again whenever the link is lost.
 *
 *   connecting ──► linked ◄──► lost (made again by the library)       any ── close ──► closed
 *        └ refused ► pausing ──► connecting
 */
export function connectNats(options: NatsOptions): Nats {
  const link: Link = { connection: undefined, connected: false, closed: false, retry: undefined }
  void open(options, link)
  return {
    get connected() {
      return link.connected
    },
    publish: (news) => {
      if (!link.connected) return
      for (const part of partsOf(news)) link.connection?.publish(options.subject, JSON.stringify(part))
    },
    close: async () => {
      link.closed = true
      clearTimeout(link.retry)
      await link.connection?.close()
    },
  }
}

interface Link {
  connection: NatsConnection | undefined
  connected: boolean
  closed: boolean
  retry: NodeJS.Timeout | undefined
}

async function open(options: NatsOptions, link: Link): Promise<void> {
  const { url, log } = options
  try {
    const connection = await connect({
      ...addressOf(url),
      name: 'tidemark-pubsub',
      noEcho: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: pause,
    })
    if (link.closed) return await connection.close()
    link.connection = connection
    link.connected = true
    const follow = [listen(connection, options), watch(connection, log, (is) => (link.connected = is))]
    Promise.all(follow).catch((error: unknown) =>
      log.error({ reason: reasonOf(error) }, 'the link to NATS failed'),
    )
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, 'NATS does not answer yet; the log is read without it')
    if (!link.closed) link.retry = setTimeout(() => void open(options, link), pause)
  }
}

/** The address, and the user and password or the token that the URL may hold. */
function addressOf(url: string): NodeConnectionOptions {
  const { protocol, host, username, password } = new URL(url)
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  return {
    servers: host,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(pass !== '' ? { user, pass } : user !== '' && { token: user }),
  }
}

/** Only the last part moves the position. */
function partsOf(news: Batch): Batch[] {
  const count = Math.max(1, Math.ceil(news.changes.length / changesInMessage))
  return Array.from({ length: count }, (_, index) => ({
    ...news,
    to: index === count - 1 ? news.to : news.from,
    changes: news.changes.slice(index * changesInMessage, (index + 1) * changesInMessage),
  }))
}

async function listen(connection: NatsConnection, { subject, log, receive }: NatsOptions): Promise<void> {
  for await (const message of connection.subscribe(subject)) {
    const parsed = parse(message.string())
    if (parsed === undefined) log.warn('a message of NATS is not one of this service')
    else receive(parsed)
  }
}

function parse(text: string): Batch | undefined {
  try {
    const { epoch, from, to, changes } = batch.parse(JSON.parse(text))
    return { epoch, from, to, changes: changes satisfies Change[] }
  } catch {
    return undefined // Whatever it is, it is none of ours; the caller says so.
  }
}

async function watch(
  connection: NatsConnection,
  log: Logger,
  tell: (connected: boolean) => void,
): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type !== 'disconnect' && type !== 'reconnect') continue
    tell(type === 'reconnect')
    log.info({ type }, 'the link to NATS has changed')
  }
  tell(false)
}
