import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProjects, startTestDatabase, type TestDatabase } from '../../test/testDatabase.js'
import { ann, connect, startTestService, type TestService } from '../../test/testService.js'

let database: TestDatabase
let one: TestService
let two: TestService
beforeAll(async () => {
  database = await startTestDatabase()
  one = await startTestService(database.serviceUrl)
  two = await startTestService(database.serviceUrl)
})
afterAll(async () => {
  await Promise.all([one.stop(), two.stop()])
  await database.stop()
})

const rename = (ids: string[]) =>
  database.sql(`update app.project set name = name || '.' where id = any($1)`, [ids])

/** A position of before, and what was committed after it. */
async function missed(ids: string[]) {
  const client = await connect(one.url, ann)
  await client.subscribe('project', ids)
  client.send({ type: 'PING' })
  const { seq } = (await client.next('PONG')) ?? {}
  const connected = client.messages[0]
  await client.close()
  await rename(ids)
  if (connected?.type !== 'CONNECTED' || seq === undefined) throw new Error('There is no position.')
  return { epoch: connected.payload.epoch, seq }
}

test('whoever comes back, to any instance, hears of what was missed and then that it is all', async () => {
  const ids = await makeProjects(database, ann, 3)
  const position = await missed(ids)
  const client = await connect(two.url, ann)
  await client.subscribe('project', ids.slice(0, 2), true)
  client.send({ type: 'RESUME', payload: position })
  const { seq } = await client.next('RESUMED')
  expect(BigInt(seq)).toBeGreaterThan(BigInt(position.seq))
  expect(client.heard().sort()).toEqual(ids.slice(0, 2).sort())
  await client.close()
})

test('a change that is committed during the resumption is not lost', async () => {
  const ids = await makeProjects(database, ann, 20)
  const position = await missed(ids)
  const client = await connect(one.url, ann)
  await client.subscribe('project', ids)
  client.send({ type: 'RESUME', payload: position })
  await Promise.all(ids.map((id) => rename([id])))
  const newest = () =>
    client.messages.flatMap((message) =>
      message.type === 'INVALIDATE' ? message.payload.changes.filter(({ version }) => version === 3) : [],
    )
  await expect.poll(() => new Set(newest().map(({ entityId }) => entityId)).size).toBe(20)
  await client.close()
})

test('a position of another log, or of the future, is answered with REFETCH', async () => {
  const client = await connect(one.url, ann)
  const connected = client.messages[0]
  const { epoch, seq } = connected?.type === 'CONNECTED' ? connected.payload : { epoch: '', seq: '' }
  client.send({ type: 'RESUME', payload: { epoch: 'another', seq } })
  expect(await client.next('REFETCH')).toMatchObject({ reason: 'epoch', epoch })
  client.send({ type: 'RESUME', payload: { epoch, seq: '99999999999999999999' } })
  expect(await client.next('REFETCH')).toMatchObject({ reason: 'epoch', epoch })
  await client.close()
})

test('more than is sent again is answered with REFETCH', async () => {
  const ids = await makeProjects(database, ann, 5_001)
  const position = await missed(ids.slice(0, 1_000))
  await rename(ids)
  const client = await connect(one.url, ann)
  for (let from = 0; from < ids.length; from += 1_000)
    await client.subscribe('project', ids.slice(from, from + 1_000))
  client.send({ type: 'RESUME', payload: position })
  expect(await client.next('REFETCH')).toMatchObject({ reason: 'many' })
  await client.close()
})

test('a position whose rows are removed is answered with REFETCH', async () => {
  const position = await missed(await makeProjects(database, ann, 1))
  await database.sql(
    `update app.system_logging set sync_status = 'sent', created_ts = now() - interval '2 days'`,
  )
  await database.sql(`select app.prune_system_logging('1 day')`)
  const client = await connect(one.url, ann)
  client.send({ type: 'RESUME', payload: position })
  expect(await client.next('REFETCH')).toMatchObject({ reason: 'expired' })
  await client.close()
})

test('a service that drains sends all elsewhere, spread over time, and takes nobody in', async () => {
  const draining = await startTestService(database.serviceUrl, { PUBSUB_DRAIN_SECONDS: '2' })
  const clients = await Promise.all(Array.from({ length: 20 }, () => connect(draining.url, ann)))
  const stopped = draining.stop()
  const times = await Promise.all(clients.map(async (client) => (await client.next('GOAWAY')).reconnectIn))
  expect(Math.max(...times)).toBeLessThanOrEqual(1_000)
  expect(new Set(times).size).toBeGreaterThan(10)
  expect(draining.health().status).toBe('draining')
  await expect(connect(draining.url, ann)).rejects.toThrow()
  for (const client of clients.slice(1)) await client.close()
  expect(await clients[0]!.closed).toBe('goingAway')
  await stopped
  const left = await database.sql('select from app.system_cache_subscription')
  expect(left).toHaveLength(0)
}, 30_000)
