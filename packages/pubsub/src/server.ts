import { pubsubSubprotocol, tokenSubprotocolPrefix } from '@tidemark/core/pubsub'
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { limits } from './connection/connection.js'
import { PubsubError } from './errors.js'

export interface ServerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Origins of pages that may connect; `*` for all. What has no origin is no page and may. */
  readonly origins: readonly string[]
  readonly tokenInUrl: boolean
  /** Whether one more socket is taken: one that brings its token, or one that may sit there without. */
  readonly room: (withToken: boolean) => boolean
  readonly accept: (socket: WebSocket, stream: Duplex, token?: string) => void
  /** Answers an HTTP request by its path; undefined where nothing is there. */
  readonly answer: (path: string, request: IncomingMessage) => Promise<HttpReply | undefined>
}

export interface HttpReply {
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface Listening {
  readonly port: number
  /** Takes no more connections, and ends those of HTTP. Resolves when all are ended. */
  close(): Promise<void>
}

/**
 * Listens for WebSockets, and for HTTP on the same port.
 * @throws PubsubError `port-in-use`, `listen-failed`
 */
export async function listen(options: ServerOptions): Promise<Listening> {
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // With it, a socket takes a quarter of a megabyte.
    maxPayload: limits.frame,
    clientTracking: false,
    handleProtocols: (offered) => (offered.has(pubsubSubprotocol) ? pubsubSubprotocol : false),
  })
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    void serve(options, request, response)
  })
  server.on('upgrade', (request, stream, head) => {
    const token = tokenOf(request, options.tokenInUrl)
    const refusal = refusalOf(options, request, token)
    if (refusal !== undefined) return refuse(stream, refusal)
    sockets.handleUpgrade(request, stream, head, (socket) => options.accept(socket, stream, token))
  })
  await bind(server, options)
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

function bind(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'port-in-use' : 'listen-failed'
      reject(new PubsubError(code, `It is ${host}:${port} (${error.code ?? error.message}).`, error))
    })
    server.listen({ host, port, backlog: 4_096 }, resolve)
  })
}

function refusalOf(
  { origins, room }: ServerOptions,
  request: IncomingMessage,
  token?: string,
): number | undefined {
  const { origin } = request.headers
  if (origin !== undefined && !origins.includes('*') && !origins.includes(origin)) return 403
  return room(token !== undefined) ? undefined : 503
}

/** Before there is a WebSocket, no is said in HTTP. */
function refuse(stream: Duplex, status: number): void {
  stream.on('error', () => undefined) // Nobody is there any more, which is all the same now.
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

/** The token that came with the opening. One in a URL that is not wanted there is no token, and so is refused at once. */
function tokenOf({ headers, url = '/' }: IncomingMessage, tokenInUrl: boolean): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  const inHeader = offered.find((protocol) => protocol.startsWith(tokenSubprotocolPrefix))
  if (inHeader !== undefined) return inHeader.slice(tokenSubprotocolPrefix.length)
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
  const inUrl = new URLSearchParams(query).get('token')
  if (inUrl === null) return undefined
  return tokenInUrl ? inUrl : ''
}

async function serve(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?')
  const reply = (request.method === 'GET' ? await options.answer(path, request) : undefined) ?? notFound
  response.writeHead(reply.status, { 'Content-Type': reply.type, 'Cache-Control': 'no-store' })
  response.end(reply.body)
}

const notFound: HttpReply = { status: 404, type: 'text/plain', body: 'Not found' }
