import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Reply, Request } from '../context.js'
import { DevServerError } from '../errors.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { toHeader } from './headerText.js'
import { noReply } from './misbehave.js'
import { BodyTooLarge, bodyLimit, readRequest } from './readRequest.js'

export interface ListenOptions {
  /** Only this computer: anything else is refused. */
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly answer: (request: Request) => Promise<Reply | typeof noReply>
  /** Takes over a connection that asks to become a WebSocket. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  readonly log: (message: string) => void
}

export interface Listener {
  readonly url: string
  readonly port: number
  /** Ends all connections, those in use too. */
  close(): Promise<void>
}

/**
 * Serves HTTP on this computer alone.
 * @throws DevServerError `host-refused`, `port-in-use`, `listen-failed`
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  requireLoopback(options.host)
  const server = createServer((incoming, response) => void serve(options, incoming, response))
  server.on('upgrade', options.upgrade)
  await bind(server, options.port)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${String(port)}`, port, close: () => close(server) }
}

/** @throws DevServerError `host-refused` */
export function requireLoopback(host: string): void {
  if (!['127.0.0.1', 'localhost'].includes(host)) throw new DevServerError('host-refused', `It was ${host}.`)
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'port-in-use' : 'listen-failed'
      reject(
        new DevServerError(code, `It is 127.0.0.1:${String(port)} (${error.code ?? error.message}).`, error),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function serve(options: ListenOptions, incoming: IncomingMessage, response: ServerResponse) {
  if (isPreflight(incoming)) {
    const requested = incoming.headers['access-control-request-headers']
    response.writeHead(200, preflightHeaders(requested)).end()
    return
  }
  const failed = (error: unknown) => replyTo(error, response.destroyed ? () => undefined : options.log)
  const reply = await readRequest(incoming).then(options.answer).catch(failed)
  if (response.destroyed) return
  if (reply === noReply) {
    incoming.socket.destroy()
    return
  }
  try {
    send(response, reply)
  } catch (error) {
    // It has a header that cannot be sent.
    send(response, failed(error))
  }
}

/** Any other `OPTIONS` asks the service what may be done. */
const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

function replyTo(error: unknown, log: (message: string) => void): Reply {
  if (error instanceof BodyTooLarge) {
    return failure(413, `The body is larger than ${String(bodyLimit)} bytes`)
  }
  log(`A request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return failure(500, 'The development server failed; it has logged why')
}

const failure = (status: number, message: string): Reply => ({
  status,
  headers: {
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 413 && { Connection: 'close' }),
  },
  body: JSON.stringify({ message }),
})

function send(response: ServerResponse, { status, statusText, headers, body = '' }: Reply): void {
  const size = Buffer.byteLength(body)
  // Zero would be the length of another answer: that of GET.
  const isBare = status === 204 || (response.req.method === 'HEAD' && size === 0)
  const length = isBare ? {} : { 'Content-Length': String(size) }
  response.writeHead(status, statusText ?? STATUS_CODES[status] ?? '', {
    ...corsHeaders,
    ...length,
    ...sendable(headers),
  })
  if (typeof body === 'string' && size === body.length) sendAscii(response, body)
  else response.end(Buffer.from(body))
}

/**
 * Sends a text as it is: a copy of every page of rows would be garbage, and collecting it costs more than a second write. With
 * the first piece go the headers, whose bytes are characters too; Node would copy all that it sends with them.
 */
function sendAscii(response: ServerResponse, text: string): void {
  const piece = 16_384
  if (text.length > piece) response.write(text.slice(0, piece), 'latin1')
  response.end(text.length > piece ? text.slice(piece) : text, 'latin1')
}

const sendable = (headers: Reply['headers'] = {}) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? toHeader(value) : value.map(toHeader),
    ]),
  )
