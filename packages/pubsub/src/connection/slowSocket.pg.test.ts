import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProjects, startTestDatabase, type TestDatabase } from '../../test/testDatabase.js'
import { ann, bob, connect, metricOf, startTestService, type TestService } from '../../test/testService.js'

let database: TestDatabase
let service: TestService
beforeAll(async () => {
  database = await startTestDatabase()
  service = await startTestService(database.serviceUrl)
})
afterAll(async () => {
  await service.stop()
  await database.stop()
})

const metric = (name: string) => metricOf(service, name)

/** Logs an edit of each, as its trigger would, at a fraction of the cost. */
const edit = (ids: string[], version: number) =>
  database.sql(
    `insert into app.system_logging (entity_code, entity_id, action, version)
     select 'project', id, 3, $2 from unnest($1::uuid[]) as id`,
    [ids, version],
  )

test('a socket that never reads is closed with 4008, and delays nobody', async () => {
  const [many, [one]] = await Promise.all([
    makeProjects(database, ann, 10_000),
    makeProjects(database, bob, 1),
  ])
  const [slow, quick] = await Promise.all([connect(service.url, ann), connect(service.url, bob)])
  for (let from = 0; from < many.length; from += 1_000)
    await slow.subscribe('project', many.slice(from, from + 1_000))
  await quick.subscribe('project', [one!])
  slow.socket.pause()
  const times: number[] = []
  for (let turn = 0; turn < 200 && service.health().connections === 2; turn += 1) {
    await edit(many, turn + 2)
    const begun = performance.now()
    await edit([one!], turn + 2)
    await quick.next('INVALIDATE')
    times.push(performance.now() - begun)
  }
  await expect.poll(() => service.health().connections, { timeout: 10_000 }).toBe(1)
  slow.socket.resume()
  expect(['slow', 1006]).toContain(await slow.closed)
  expect(await metric('closes_total{code="4008"}')).toBe(1)
  expect(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(1_000)
  await quick.close()
}, 120_000)

test('a socket that reads late is told less often, and last of the last versions', async () => {
  const ids = await makeProjects(database, ann, 4_000)
  const client = await connect(service.url, ann)
  for (let from = 0; from < ids.length; from += 1_000)
    await client.subscribe('project', ids.slice(from, from + 1_000))
  client.socket.pause()
  let version = 1
  // How much the system keeps between two sockets differs: news that waits here says that it takes no more.
  for (let waited = 0; waited < 5 && version < 400;) {
    await edit(ids, ++version)
    if ((await metric('waiting')) === ids.length) waited += 1
  }
  expect(service.health().connections).toBe(1)
  expect(await metric('waiting')).toBe(ids.length)
  client.socket.resume()
  const complete = () => [...client.newest().values()].filter((heard) => heard === version).length
  await expect.poll(complete, { timeout: 20_000 }).toBe(ids.length)
  expect(client.heard().length).toBeLessThan((version - 1) * ids.length)
  expect(await metric('waiting')).toBe(0)
  await client.close()
}, 120_000)
