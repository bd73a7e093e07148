import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProjects, startTestDatabase, type TestDatabase } from '../../test/testDatabase.js'
import {
  ann,
  connect,
  metricOf,
  startTestService,
  type TestClient,
  type TestService,
} from '../../test/testService.js'

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
const versions = (client: TestClient, id: string) =>
  client.messages.flatMap((message) =>
    message.type === 'INVALIDATE'
      ? message.payload.changes.filter((change) => change.entityId === id).map((change) => change.version)
      : [],
  )

test('a transaction that began earlier and commits later is delivered', async () => {
  const [early, late] = (await makeProjects(database, ann, 2)) as [string, string]
  const client = await connect(one.url, ann)
  await client.subscribe('project', [early, late])
  const slow = await database.connect()
  await slow.query('begin')
  await slow.query(`update app.project set name = 'slow' where id = $1`, [early])
  await rename([late])
  expect((await client.next('INVALIDATE')).changes).toMatchObject([{ entityId: late }])
  await slow.query('commit')
  expect((await client.next('INVALIDATE')).changes).toMatchObject([{ entityId: early, version: 2 }])
  await client.close()
})

test('a savepoint that is rolled back is not delivered, what stands around it is', async () => {
  const [kept, undone] = (await makeProjects(database, ann, 2)) as [string, string]
  const client = await connect(one.url, ann)
  await client.subscribe('project', [kept, undone])
  const writer = await database.connect()
  await writer.query('begin')
  await writer.query('savepoint s')
  await writer.query(`update app.project set name = 'undone' where id = $1`, [undone])
  await writer.query('rollback to s')
  await writer.query('savepoint t')
  await writer.query(`update app.project set name = 'kept' where id = $1`, [kept])
  await writer.query('commit')
  expect((await client.next('INVALIDATE')).changes).toMatchObject([{ entityId: kept }])
  expect(client.heard()).toEqual([kept])
  await client.close()
})

test('instances on one Postgres each tell their own sockets, and together mark each row once', async () => {
  const ids = await makeProjects(database, ann, 40)
  const clients = await Promise.all([one, one, two].map((service) => connect(service.url, ann)))
  await Promise.all(clients.map((client) => client.subscribe('project', ids)))
  await Promise.all(ids.map((id) => rename([id])))
  for (const client of clients) await expect.poll(() => new Set(client.heard()).size).toBe(40)
  for (const client of clients) for (const id of ids) expect(versions(client, id)).toEqual([2])
  await Promise.all(clients.map((client) => client.close()))
})

test('what one entity goes through is heard in the order of its versions, to the last', async () => {
  const ids = await makeProjects(database, ann, 3)
  const client = await connect(one.url, ann)
  await client.subscribe('project', ids)
  const writers = await Promise.all([1, 2, 3, 4].map(() => database.connect()))
  await Promise.all(
    writers.map(async (writer) => {
      for (let turn = 0; turn < 25; turn += 1) {
        await writer.query(`update app.project set name = 'w' where id = $1`, [ids[turn % 3]])
      }
    }),
  )
  const last = await database.sql<{ id: string; version: number }>(
    'select id, version::int from app.project where id = any($1)',
    [ids],
  )
  for (const { id, version } of last) {
    await expect.poll(() => versions(client, id).at(-1)).toBe(version)
    const heard = versions(client, id)
    expect(heard).toEqual([...heard].sort((a, b) => a! - b!))
  }
  await client.close()
})

test('a transaction of many rows comes page by page, and whole', async () => {
  const ids = await makeProjects(database, ann, 6_000)
  const client = await connect(one.url, ann)
  for (let from = 0; from < ids.length; from += 1_000)
    await client.subscribe('project', ids.slice(from, from + 1_000))
  await rename(ids)
  await expect.poll(() => client.heard().length, { timeout: 10_000 }).toBe(6_000)
  expect(new Set(client.heard()).size).toBe(6_000)
  await client.close()
})

test('what is committed while a long transaction is read is told once, in a calm run', async () => {
  const ids = await makeProjects(database, ann, 5)
  const client = await connect(one.url, ann)
  await client.subscribe('project', ids)
  await database.sql(`insert into app.system_logging (entity_code, entity_id, action)
    select 'project', gen_random_uuid(), 3 from generate_series(1, 60_000)`)
  for (let turn = 0; turn < 20; turn += 1) await rename(ids)
  await expect.poll(() => [...client.newest().values()], { timeout: 20_000 }).toEqual(ids.map(() => 21))
  // What was told again would have been told before this.
  await rename(ids.slice(0, 1))
  await expect.poll(() => versions(client, ids[0]!).at(-1), { timeout: 20_000 }).toBe(22)
  for (const id of ids) {
    const heard = versions(client, id)
    expect(heard).toEqual([...new Set(heard)])
  }
  await client.close()
}, 60_000)

test('a batch of changes is one query, however many sockets there are', async () => {
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  const clients = await Promise.all(Array.from({ length: 60 }, () => connect(one.url, ann)))
  await Promise.all(clients.map((client) => client.subscribe('project', [id])))
  const queries = () => metricOf(one, 'log_queries_total')
  const before = await queries()
  await rename([id])
  await Promise.all(clients.map((client) => client.next('INVALIDATE')))
  expect((await queries()) - before).toBe(1)
  await Promise.all(clients.map((client) => client.close()))
})

test('what was not notified is found by the poll', async () => {
  await database.sql('alter table app.system_logging disable trigger system_logging_notify')
  const polling = await startTestService(database.serviceUrl, { PUBSUB_POLL_SECONDS: '1' })
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  const client = await connect(polling.url, ann)
  await client.subscribe('project', [id])
  await rename([id])
  expect((await client.next('INVALIDATE')).changes).toMatchObject([{ entityId: id }])
  await client.close()
  await polling.stop()
  await database.sql('alter table app.system_logging enable always trigger system_logging_notify')
})

test('an instance that was given up registers its subscriptions again', async () => {
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  const client = await connect(one.url, ann)
  await client.subscribe('project', [id])
  await database.sql('delete from app.system_pubsub_instance; delete from app.system_cache_subscription')
  const registered = () =>
    database.sql('select entity_id from app.system_cache_subscription where entity_id = $1', [id])
  await expect.poll(registered, { timeout: 20_000 }).toHaveLength(1)
  await client.close()
})
