import { afterAll, beforeAll, expect, test } from 'vitest'
import { findNats, startNats, type NatsServer } from '../../test/nats.js'
import { makeProjects, startTestDatabase, type TestDatabase } from '../../test/testDatabase.js'
import { ann, connect, startTestService, type TestService } from '../../test/testService.js'

const program = findNats()
let database: TestDatabase
let nats: NatsServer
let services: TestService[] = []
beforeAll(async () => {
  if (program === undefined) return
  database = await startTestDatabase()
  nats = await startNats(program)
  for (const _ of [1, 2, 3]) {
    services.push(await startTestService(database.serviceUrl, { PUBSUB_NATS_URL: nats.url }))
  }
})
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()))
  await nats?.kill()
  await database?.stop()
})

const absent = 'nats-server is not here and could not be installed: apt-get install nats-server'
const rename = (id: string) => database.sql(`update app.project set name = name || '.' where id = $1`, [id])
const queries = async ({ url }: TestService) => {
  const text = await (await fetch(`${url.replace('ws', 'http')}/metrics`)).text()
  return Number(/tidemark_pubsub_log_queries_total (\d+)/.exec(text)?.[1])
}

test('one instance reads the log, the others hear of it over NATS and do not ask', async ({ skip }) => {
  if (program === undefined) return skip(absent)
  const ids = await makeProjects(database, ann, 5)
  const clients = await Promise.all(services.map(({ url }) => connect(url, ann)))
  await Promise.all(clients.map((client) => client.subscribe('project', ids)))
  for (const client of clients) {
    await rename(ids[0]!) // The first one brings the others to where the first is.
    await client.next('INVALIDATE')
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const before = await Promise.all(services.map(queries))
  for (const id of ids) {
    await rename(id)
    for (const client of clients) await client.next('INVALIDATE')
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
  const after = await Promise.all(services.map(queries))
  const asked = after.map((count, index) => count - before[index]!)
  expect(asked.filter((count) => count > 0)).toHaveLength(1)
  for (const client of clients) {
    expect(new Set(client.newest().keys())).toEqual(new Set(ids))
    await client.close()
  }
})

test('nothing is lost when NATS is killed in a burst, nor when it comes back', async ({ skip }) => {
  if (program === undefined) return skip(absent)
  const ids = await makeProjects(database, ann, 30)
  const clients = await Promise.all(services.map(({ url }) => connect(url, ann)))
  await Promise.all(clients.map((client) => client.subscribe('project', ids)))
  const burst = async (version: number, during: () => Promise<void>) => {
    const writing = Promise.all(ids.map((id) => rename(id)))
    await during()
    await writing
    for (const client of clients) {
      await expect.poll(() => [...client.newest().values()].filter((is) => is === version).length).toBe(30)
    }
  }
  await burst(2, () => nats.kill())
  await burst(3, () => Promise.resolve())
  await burst(4, async () => {
    nats = await startNats(program, nats.port)
  })
  await burst(5, () => Promise.resolve())
  await Promise.all(clients.map((client) => client.close()))
})

test('what comes over NATS and is no batch is dropped', async ({ skip }) => {
  if (program === undefined) return skip(absent)
  const { connect: link } = await import('@nats-io/transport-node')
  const stranger = await link({ servers: nats.url })
  for (const text of ['', '{', '[]', '{"epoch":"x","from":"1:1:","to":"select","changes":[]}']) {
    stranger.publish('tidemark.pubsub', text)
  }
  await stranger.flush()
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  for (const { url } of services) {
    const client = await connect(url, ann)
    await client.subscribe('project', [id])
    await rename(id)
    await client.next('INVALIDATE')
    await client.close()
  }
  await stranger.close()
})

test('when the reader goes, another one reads', async ({ skip }) => {
  if (program === undefined) return skip(absent)
  const [first, ...others] = services
  services = others
  await first!.stop()
  const [id] = (await makeProjects(database, ann, 1)) as [string]
  const clients = await Promise.all(others.map(({ url }) => connect(url, ann)))
  await Promise.all(clients.map((client) => client.subscribe('project', [id])))
  await rename(id)
  for (const client of clients) await client.next('INVALIDATE')
  await Promise.all(clients.map((client) => client.close()))
})

test('a link that asks for a user and a password gets them from the URL, and a wrong one is tried again', async ({
  skip,
}) => {
  if (program === undefined) return skip(absent)
  const guarded = await startNats(program, -1, ['--user', 'tide', '--pass', 'm@rk'])
  const linked = await startTestService(database.serviceUrl, {
    PUBSUB_NATS_URL: `nats://tide:m%40rk@127.0.0.1:${guarded.port}`,
  })
  const refused = await startTestService(database.serviceUrl, { PUBSUB_NATS_URL: guarded.url })
  await expect.poll(() => refused.logged()).toContain('NATS does not answer yet')
  expect(linked.logged()).not.toContain('NATS does not answer')
  expect(linked.logged()).not.toContain('m@rk')
  await Promise.all([linked.stop(), refused.stop()])
  await guarded.kill()
})
