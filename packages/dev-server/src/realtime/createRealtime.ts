import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Context, Reply, Request, Service } from '../context.js'
import type { Faults } from '../faults.js'
import { installCapture } from './capture.js'
import { Dispatcher } from './dispatcher.js'
import { Hub } from './hub.js'
import { serializers } from './serializer.js'
import { Socket } from './socket.js'

export interface Realtime {
  /** Takes over the upgrade of `/realtime/v1/websocket`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** HTTP below `/realtime/v1/api`. */
  readonly service: Service
  /** Destroys every socket, as a lost network does. */
  dropSockets(): void
  close(): Promise<void>
}

/** The largest frame, in bytes. */
const maxPayload = 5 * 1024 * 1024

/** Starts the realtime service: channels, change events, broadcast and presence. */
export async function createRealtime(context: Context & { readonly faults: Faults }): Promise<Realtime> {
  const { pool, faults } = context
  await installCapture(pool)
  const dispatcher = new Dispatcher(context, faults)
  await dispatcher.start()
  const hub = new Hub()
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload })

  const open = async (request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const header = request.headers['x-api-key']
    const key = typeof header === 'string' ? header : (searchParams.get('apikey') ?? '')
    const serializer = serializers[searchParams.get('vsn') ?? '1.0.0']
    const refusal = faults.current.rejectRealtime
      ? '503 Service Unavailable'
      : serializer
        ? undefined
        : '400 Bad Request'
    if (refusal !== undefined || !serializer) return refuse(stream, refusal ?? '400 Bad Request')
    const known = await context.tokens.verify(key).then(
      () => true,
      () => false,
    )
    if (!known) return refuse(stream, '401 Unauthorized')
    // The publication may have new members since the last socket came.
    await pool.query('select realtime._sync_triggers()')
    server.handleUpgrade(
      request,
      stream,
      head,
      (socket) => new Socket(socket, { context, dispatcher, hub, serializer, key }),
    )
  }
  const dropSockets = (): void => {
    for (const socket of server.clients) socket.terminate()
  }
  return {
    upgrade: (request, stream, head) => {
      open(request, stream, head).catch((error: unknown) => {
        context.log(`Realtime: ${error instanceof Error ? error.message : String(error)}`)
        refuse(stream, '500 Internal Server Error')
      })
    },
    service: (request) => Promise.resolve(httpBroadcast(request, hub)),
    dropSockets,
    close: async () => {
      dropSockets()
      server.close()
      await dispatcher.close()
    },
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** `POST /broadcast` with messages for topics. */
function httpBroadcast({ method, url, body }: Request, hub: Hub): Reply {
  if (method !== 'POST' || !url.pathname.endsWith('/broadcast')) return { status: 404 }
  let messages: unknown
  try {
    ;({ messages } = JSON.parse(body.toString('utf8')) as { messages?: unknown })
  } catch {
    return { status: 400, body: '{"error":"The body is not JSON"}' }
  }
  if (!Array.isArray(messages)) return { status: 422, body: '{"errors":{"messages":["can\'t be blank"]}}' }
  for (const { topic, event, payload } of messages as { topic?: string; event?: string; payload?: unknown }[])
    hub.broadcast(`realtime:${topic ?? ''}`, { type: 'broadcast', event, payload })
  return { status: 202 }
}
