import { once } from 'node:events'
import { connect as openTcp } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProjects, startTestDatabase, type TestDatabase } from '../test/testDatabase.js'
import {
  ann,
  bob,
  connect,
  startTestService,
  TestClient,
  tokenOf,
  type TestService,
} from '../test/testService.js'

let database: TestDatabase
let service: TestService
beforeAll(async () => {
  database = await startTestDatabase()
  const variables = { PUBSUB_ORIGINS: 'https://app.example', PUBSUB_MAX_UNAUTHENTICATED: '900' }
  service = await startTestService(database.serviceUrl, variables)
})
afterAll(async () => {
  await service.stop()
  await database.stop()
})

const past = Math.floor(Date.now() / 1000) - 10
const unsigned = (claims: object) =>
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`

const badTokens: readonly (readonly [string, () => Promise<string>, string])[] = [
  ['expired', () => tokenOf(ann, { exp: past }), 'expired'],
  ['of another audience', () => tokenOf(ann, { aud: 'another' }), 'unauthorized'],
  ['of a role that is not allowed', () => tokenOf(ann, { role: 'service_role' }), 'unauthorized'],
  ['altered', () => tokenOf(ann).then((token) => `${token.slice(0, -3)}AAA`), 'unauthorized'],
  [
    'unsigned',
    async () => unsigned({ sub: ann, role: 'authenticated', aud: 'authenticated', exp: 9e9 }),
    'unauthorized',
  ],
  ['no token', async () => 'undefined', 'unauthorized'],
]

test.each(badTokens)(
  'a token that is %s closes the socket, as subprotocol and as first frame',
  async (_, make, reason) => {
    const token = await make()
    expect(await new TestClient(service.url, token).closed).toBe(reason)
    const client = new TestClient(service.url)
    await client.open
    client.send({ type: 'AUTH', payload: { token } })
    expect(await client.closed).toBe(reason)
    expect(client.messages).toEqual([])
  },
)

test('a token in the URL is refused where that is not switched on', async () => {
  expect(await new TestClient(`${service.url}/?token=${await tokenOf(ann)}`).closed).toBe('unauthorized')
})

test('whoever asks before saying who they are is closed', async () => {
  const client = new TestClient(service.url)
  await client.open
  client.send({ type: 'SUBSCRIBE', payload: { entityCode: 'project', entityIds: [ann] } })
  expect(await client.closed).toBe('unauthorized')
})

test('a foreign page is refused, ours and programs are not', async () => {
  const token = await tokenOf(ann)
  for (const origin of ['https://evil.example', 'https://app.example.evil.example', 'null']) {
    const refused = new TestClient(service.url, token, { origin })
    const [, response] = await once(refused.socket, 'unexpected-response')
    expect(response.statusCode).toBe(403)
    refused.socket.terminate()
  }
  const own = new TestClient(service.url, token, { origin: 'https://app.example' })
  await own.next('CONNECTED')
  await own.close()
})

test('a token of another user does not take over a connection', async () => {
  const client = await connect(service.url, ann)
  client.send({ type: 'TOKEN_REFRESH', payload: { token: await tokenOf(bob) } })
  expect(await client.closed).toBe('unauthorized')
})

test('SQL and names of the prototype are names, in every field', async () => {
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  const client = await connect(service.url, ann)
  for (const name of ['__proto__', 'constructor', 'hasOwnProperty', 'pg_catalog.pg_authid', 'app.project']) {
    expect(await client.subscribe(name, [id], true)).toMatchObject({ count: 0, denied: [id], list: false })
  }
  for (const payload of [
    { entityCode: `project'; drop table app.project; --`, entityIds: [id] },
    { entityCode: 'project', entityIds: [`${id}' or '1'='1`] },
    { entityCode: ['project'], entityIds: { length: 1 } },
  ]) {
    client.socket.send(JSON.stringify({ type: 'SUBSCRIBE', payload }))
    expect(await client.next('ERROR')).toMatchObject({ code: 'message-invalid' })
  }
  client.socket.send(
    `{"type":"RESUME","payload":{"epoch":"'; select 1","seq":"1","__proto__":{"open":false}}}`,
  )
  await client.next('REFETCH')
  expect(await client.subscribe('project', [id])).toMatchObject({ count: 1 })
  await client.close()
})

test.each([
  ['not JSON', Array(10).fill('{"type":'), 'invalid'],
  ['binary', Array(10).fill(Buffer.from('{"type":"PING"}')), 'invalid'],
  ['deep', Array(10).fill('['.repeat(30_000) + ']'.repeat(30_000)), 'invalid'],
  ['too large', ['x'.repeat(70_000)], 1009],
  ['too many', Array(400).fill('{"type":"PING"}'), 'limited'],
])('frames that are %s close the socket, and that one alone', async (_, frames, reason) => {
  const [bad, good] = await Promise.all([connect(service.url, ann), connect(service.url, bob)])
  for (const frame of frames) bad.socket.send(frame)
  expect(await bad.closed).toBe(reason)
  good.send({ type: 'PING' })
  await good.next('PONG')
  await good.close()
})

test('a connection may subscribe to so many entities and no more', async () => {
  const small = await startTestService(database.serviceUrl, {
    PUBSUB_MAX_SUBSCRIPTIONS: '2',
    PUBSUB_MAX_CONNECTIONS_PER_USER: '2',
  })
  const ids = await makeProjects(database, ann, 3)
  const [client, other] = await Promise.all([connect(small.url, ann), connect(small.url, ann)])
  expect(await new TestClient(small.url, await tokenOf(ann)).closed).toBe('limited')
  client.send({ type: 'SUBSCRIBE', payload: { entityCode: 'project', entityIds: ids } })
  expect(await client.next('ERROR')).toMatchObject({ code: 'too-many-subscriptions' })
  expect(await client.subscribe('project', ids.slice(1))).toMatchObject({ count: 2 })
  await Promise.all([client.close(), other.close()])
  await small.stop()
})

test('a thousand connections that never say who they are keep nobody out and are closed in time', async () => {
  const idle = Array.from({ length: 1_000 }, () => new TestClient(service.url))
  const opened = await Promise.all(
    idle.map(({ socket }) =>
      Promise.race([
        once(socket, 'open').then(() => true),
        once(socket, 'unexpected-response').then(() => {
          socket.terminate()
          return false
        }),
      ]),
    ),
  )
  expect(opened.filter(Boolean)).toHaveLength(900)
  const begun = performance.now()
  const client = await connect(service.url, ann)
  expect(performance.now() - begun).toBeLessThan(2_000)
  const reasons = await Promise.all(idle.filter((_, index) => opened[index]).map(({ closed }) => closed))
  expect(new Set(reasons)).toEqual(new Set(['authTimeout']))
  await client.close()
  await expect.poll(() => service.health().connections).toBe(0)
}, 30_000)

test('bytes that are no WebSocket frames end their own connection and nothing else', async () => {
  const token = await tokenOf(ann)
  const opening = `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: tidemark.pubsub.v1, tidemark.token.${token}\r\n\r\n`
  const attack = async (seed: number) => {
    const socket = openTcp(service.port, '127.0.0.1')
    socket.on('error', () => undefined) // Hanging up is the right answer.
    await once(socket, 'connect')
    if (seed % 4 > 0) socket.write(opening)
    // A linear congruence makes the same noise in every run.
    let state = seed
    const noise = Buffer.from(
      Array.from({ length: 2_000 }, () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16),
    )
    socket.end(noise)
    socket.resume()
    await once(socket, 'close')
  }
  for (let seed = 1; seed <= 200; seed += 1) await attack(seed)
  await expect.poll(() => service.health()).toMatchObject({ status: 'ok', connections: 0 })
}, 30_000)
