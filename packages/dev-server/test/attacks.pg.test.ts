/** Tokens and sockets of somebody who means no good. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startTestServer, type TestServer } from './testServer.js'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('create table public.notes (id int primary key)')
})
afterEach(() => server.clock.reset())
afterAll(() => server.stop())

const now = () => Math.floor(Date.now() / 1000)
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as anybody can make one. */
function forged(header: object, claims: object, secret?: string, hash = 'sha256'): string {
  const body = `${part(header)}.${part(claims)}`
  const signature =
    secret === undefined ? '' : createHmac(hash, secret).update(body).digest().toString('base64url')
  return `${body}.${signature}`
}

const bearer = (token: string) => ({ headers: { apikey: server.anonKey, Authorization: `Bearer ${token}` } })
const rest = async (token: string) => (await fetch(`${server.url}/rest/v1/notes`, bearer(token))).status
const auth = async (token: string) => (await fetch(`${server.url}/auth/v1/user`, bearer(token))).status
const admin = async (token: string) =>
  (await fetch(`${server.url}/auth/v1/admin/users`, bearer(token))).status
const storage = async (token: string) =>
  (await fetch(`${server.url}/storage/v1/bucket`, bearer(token))).status

function address(apikey: string): string {
  const query = new URLSearchParams({ apikey, vsn: '2.0.0' }).toString()
  return `${server.url.replace('http', 'ws')}/realtime/v1/websocket?${query}`
}

/** The status that refuses a socket opened with the token as its key, and the reason that refuses a join with it. */
async function realtime(token: string) {
  const opened = new WebSocket(address(token))
  const status = await new Promise((resolve) => {
    opened.on('unexpected-response', (_, { statusCode }) => resolve(statusCode))
    opened.on('open', () => resolve(101))
    opened.on('error', () => undefined)
  })
  opened.terminate()
  const socket = new WebSocket(address(server.anonKey))
  await once(socket, 'open')
  const config = { postgres_changes: [], broadcast: {}, presence: {} }
  socket.send(JSON.stringify(['1', '1', 'realtime:x', 'phx_join', { config, access_token: token }]))
  const [data] = (await once(socket, 'message')) as [Buffer]
  socket.terminate()
  const [, , , , payload] = JSON.parse(String(data)) as [null, null, null, null, { status: string }]
  return { opening: status, join: payload.status }
}

const claims = () => ({ role: 'service_role', sub: crypto.randomUUID(), exp: now() + 3600 })
const hs256 = { alg: 'HS256', typ: 'JWT' }

describe('a forged token', () => {
  test.each<[string, () => string]>([
    ['without a signature', () => forged({ alg: 'none', typ: 'JWT' }, claims())],
    ['without a signature that says it has one', () => forged(hs256, claims())],
    ['of another secret', () => forged(hs256, claims(), 'another secret of more than 32 characters')],
    [
      'of another algorithm',
      () => forged({ alg: 'HS512', typ: 'JWT' }, claims(), server.jwtSecret, 'sha512'),
    ],
    ['of a public key', () => forged({ alg: 'RS256', typ: 'JWT' }, claims(), server.jwtSecret)],
    ['that asks for what nobody knows', () => forged({ ...hs256, crit: ['x'] }, claims(), server.jwtSecret)],
    ['that has expired', () => forged(hs256, { ...claims(), exp: now() - 60 }, server.jwtSecret)],
    ['whose expiry is no time', () => forged(hs256, { ...claims(), exp: 'never' }, server.jwtSecret)],
    ['that is not valid yet', () => forged(hs256, { ...claims(), nbf: now() + 600 }, server.jwtSecret)],
    ['without a role', () => forged(hs256, { exp: now() + 60 }, server.jwtSecret)],
  ])('%s opens nothing', async (_, make) => {
    const token = make()
    expect(await rest(token)).toBe(401)
    expect([401, 403]).toContain(await auth(token))
    expect([401, 403]).toContain(await admin(token))
    expect([400, 401, 403]).toContain(await storage(token))
    const { opening, join } = await realtime(token)
    expect([401, 403]).toContain(opening)
    expect(join).toBe('error')
  })

  test('without an end is a key for REST, as with PostgREST, and none for Realtime, as with Realtime', async () => {
    const token = forged(hs256, { role: 'anon' }, server.jwtSecret)
    expect(await rest(token)).toBe(200)
    expect(await realtime(token)).toEqual({ opening: 401, join: 'error' })
  })

  test('holds and ends by the clock of the server alone', async () => {
    const token = await server.token({ role: 'anon', exp: now() + 600 })
    expect(await rest(token)).toBe(200)
    server.clock.advance(700_000)
    expect(await rest(token)).toBe(401)
    server.clock.reset()
    expect(await rest(token)).toBe(200)
  })
})

describe('a connection that', () => {
  const open = () => connect(Number(new URL(server.url).port), '127.0.0.1')

  test('ends its half before it is answered is let go', async () => {
    const socket = open().resume()
    socket.end('GET /rest/v1/notes HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'close')
    expect(await rest(server.anonKey)).toBe(200)
  })

  test('goes away in the middle of a body, a head or an upgrade takes nobody along', async () => {
    const pieces = [
      'POST /rest/v1/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"id":',
      'GET /rest/v1/notes HTTP/1.1\r\nHos',
      `GET ${new URL(address(server.anonKey)).pathname}?apikey=${server.anonKey}&vsn=2.0.0 HTTP/1.1\r\nHost: x\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      'no request at all\r\n\r\n',
    ]
    for (const piece of pieces) {
      const socket = open()
      socket.on('error', () => undefined)
      await new Promise((resolve) => socket.write(piece, resolve))
      socket.destroy()
    }
    expect(await rest(server.anonKey)).toBe(200)
    expect(await server.sql('select * from notes')).toEqual([])
  })

  test('ends its half of a WebSocket without a word is let go', async () => {
    const socket = new WebSocket(address(server.anonKey))
    await once(socket, 'open')
    const raw = (socket as unknown as { _socket: { end(): void } })._socket
    raw.end()
    await once(socket, 'close')
    expect(socket.readyState).toBe(WebSocket.CLOSED)
  })
})
