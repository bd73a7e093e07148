import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Context, Service } from '../context.js'
import type { Faults } from '../faults.js'
import { Rooms } from './broadcast.js'
import { createBroadcastApi } from './broadcastApi.js'
import { followsPublication, syncTriggers } from './capture.js'
import { Dispatcher } from './dispatcher.js'
import { defaultLimits, type RealtimeLimits } from './limits.js'
import { openingOf } from './opening.js'
import { Presences } from './presence.js'
import { Socket } from './socket.js'

export interface Realtime {
  /** Takes over the upgrade of `/realtime/v1/websocket`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** HTTP below `/realtime/v1/api`. */
  readonly service: Service
  /** Destroys every socket, as a lost network does. */
  dropSockets(): void
  /** Puts another database in the place of this one; sockets and their subscriptions stay. */
  whilePaused(work: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** The largest frame, in bytes. */
const maxPayload = 5 * 1024 * 1024

/**
 * Starts the realtime service: channels, change events, broadcast and presence.
 * A join is answered when its changes flow already, which a hosted server does only for `postgres_changes_options.wait`.
 */
export async function createRealtime(
  context: Context & { readonly faults: Faults },
  given: Partial<RealtimeLimits> = {},
): Promise<Realtime> {
  const { pool, faults } = context
  const followsBySelf = await followsPublication(pool)
  const rooms = new Rooms()
  const dispatcher = new Dispatcher(context, faults, rooms)
  await dispatcher.start()
  const limits = { ...defaultLimits, ...given }
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload })
  const sockets = () => server.clients.size
  const shared = { context, dispatcher, rooms, presences: new Presences(), limits, sockets }

  const open = async (request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> => {
    const opening = await openingOf(context, request)
    if ('refusal' in opening) return refuse(stream, opening.refusal, opening.error)
    if (!followsBySelf) await syncTriggers(pool)
    if (stream.destroyed) return
    server.handleUpgrade(request, stream, head, (socket) => new Socket(socket, { ...shared, ...opening }))
  }
  const dropSockets = () => server.clients.forEach((socket) => socket.terminate())
  return {
    upgrade: (request, stream, head) => {
      // Until the socket is taken over, nobody else listens to its errors.
      stream.on('error', () => stream.destroy())
      open(request, stream, head).catch((error: unknown) => {
        context.log(`Realtime: ${error instanceof Error ? error.message : String(error)}`)
        refuse(stream, '500 Internal Server Error', 'The development server failed; it has logged why')
      })
    },
    service: createBroadcastApi(context, rooms),
    dropSockets,
    whilePaused: (work) => dispatcher.whilePaused(work),
    close: async () => {
      dropSockets()
      server.close()
      await dispatcher.close()
    },
  }
}

function refuse(stream: Duplex, status: string, error: string): void {
  const body = JSON.stringify({ error })
  const head = [
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  stream.end([`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n'))
}
