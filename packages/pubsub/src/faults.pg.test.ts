import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runCli, type Running } from '../test/process.js'
import { makeProjects, startTestDatabase, type TestDatabase } from '../test/testDatabase.js'
import { ann, connect, secret, startTestService, type TestClient } from '../test/testService.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())
// A test may have killed it: the next one begins when it has recovered.
beforeEach(() => expect.poll(answers, { timeout: 20_000 }).toBe(true), 30_000)

/** What the database says now. */
async function versions(ids: string[]): Promise<Map<string, number>> {
  const rows = await database.sql<{ id: string; version: number }>(
    'select id, version::int from app.project where id = any($1)',
    [ids],
  )
  return new Map(rows.map(({ id, version }) => [id, version]))
}

/** Whether the database takes connections. */
const answers = () =>
  database.sql('select 1').then(
    () => true,
    () => false,
  )

/** Whether the database has forgotten a killed process: it is listed until the shared memory is made anew, which ends the others. */
const hasRecovered = (pid: number) =>
  database.sql('select from pg_stat_activity where pid = $1', [pid]).then(
    (listed) => listed.length === 0,
    () => false,
  )

/** Writes for a while, each row some times; resolves with what was committed. */
async function burst(ids: string[], during: () => Promise<unknown>): Promise<void> {
  const writer = await database.connect()
  await writer.query('set synchronous_commit = on')
  let going = true
  const write = async () => {
    for (let turn = 0; going || turn < 100; turn += 1) {
      await writer.query(`update app.project set name = 'b' where id = $1`, [ids[turn % ids.length]])
    }
  }
  const writing = write().catch(() => undefined) // The database may be what is killed.
  await new Promise((resolve) => setTimeout(resolve, 100))
  await during()
  going = false
  await writing
}

/** A client that comes back after another one, with what that one knew. */
async function comeBack(url: string, ids: string[], earlier: TestClient): Promise<TestClient> {
  const client = await connect(url, ann)
  await client.subscribe('project', ids)
  client.send({ type: 'RESUME', payload: earlier.position })
  await client.next('RESUMED')
  return client
}

async function startProcess(): Promise<{ running: Running; url: string }> {
  const running = runCli([], { DATABASE_URL: database.serviceUrl, JWT_SECRET: secret, PUBSUB_PORT: '0' })
  const [, port] = await running.printed(/"port":(\d+)/)
  return { running, url: `ws://127.0.0.1:${port}` }
}

test('the service is killed in a burst: whoever comes back hears of all that was committed', async () => {
  const ids = await makeProjects(database, ann, 20)
  const first = await startProcess()
  const client = await connect(first.url, ann)
  await client.subscribe('project', ids)
  await burst(ids, () => first.running.end('SIGKILL'))
  await client.closed
  const second = await startProcess()
  const again = await comeBack(second.url, ids, client)
  const heard = new Map([...client.newest(), ...again.newest()])
  expect(heard).toEqual(await versions(ids))
  await again.close()
  expect((await second.running.end('SIGTERM')).code).toBe(0)
}, 60_000)

test('Postgres is killed in a burst: it recovers, and all that was committed is heard', async () => {
  const ids = await makeProjects(database, ann, 20)
  const service = await startTestService(database.serviceUrl)
  const client = await connect(service.url, ann)
  await client.subscribe('project', ids)
  const victim = await database.connect()
  const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid')
  const witness = await database.connect()
  // A server process that dies takes all connections and the shared memory with it.
  await burst(ids, async () => {
    const ended = new Promise((resolve) => witness.once('end', resolve))
    process.kill(rows[0]!.pid, 'SIGKILL')
    await ended
  })
  await expect.poll(() => hasRecovered(rows[0]!.pid), { timeout: 20_000 }).toBe(true)
  await expect.poll(() => service.health().status, { timeout: 20_000 }).toBe('ok')
  await database.sql(`update app.project set name = 'after' where id = any($1)`, [ids])
  const committed = await versions(ids)
  await expect.poll(() => client.newest(), { timeout: 20_000 }).toEqual(committed)
  await client.close()
  await service.stop()
}, 60_000)

test('a watcher that loses its connection says so, and misses nothing meanwhile', async () => {
  const ids = await makeProjects(database, ann, 5)
  const service = await startTestService(database.serviceUrl)
  const client = await connect(service.url, ann)
  await client.subscribe('project', ids)
  await database.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tidemark-pubsub-watcher'`,
  )
  await expect.poll(() => service.health()).toMatchObject({ status: 'degraded', logWatcherRunning: false })
  await database.sql(`update app.project set name = 'meanwhile' where id = any($1)`, [ids])
  await expect.poll(() => client.newest()).toEqual(await versions(ids))
  expect(service.health().status).toBe('ok')
  await client.close()
  await service.stop()
})

test('a connection that is lost in the middle of a question fails that question, and nothing else', async () => {
  const ids = await makeProjects(database, ann, 2)
  const service = await startTestService(database.serviceUrl)
  const client = await connect(service.url, ann)
  const blocker = await database.connect()
  await blocker.query('begin; lock table app.project in access exclusive mode')
  client.send({ type: 'SUBSCRIBE', payload: { entityCode: 'project', entityIds: ids } })
  const asking = `from pg_stat_activity where application_name = 'tidemark-pubsub' and wait_event_type = 'Lock'`
  await expect.poll(() => database.sql(`select pg_terminate_backend(pid) ${asking}`)).toHaveLength(1)
  expect(await client.next('ERROR')).toMatchObject({ code: 'unavailable' })
  await blocker.query('rollback')
  expect(await client.subscribe('project', ids)).toMatchObject({ count: 2, denied: [] })
  await client.close()
  await service.stop()
})

test('another log, as after a restore, makes all clients fetch again', async () => {
  const service = await startTestService(database.serviceUrl)
  const client = await connect(service.url, ann)
  await database.sql('update app.system_pubsub_state set epoch = gen_random_uuid()')
  await database.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tidemark-pubsub-watcher'`,
  )
  expect(await client.next('REFETCH')).toMatchObject({ reason: 'epoch' })
  await client.close()
  await service.stop()
})

test('a socket that is half open is found and forgotten', async () => {
  const service = await startTestService(database.serviceUrl, { PUBSUB_HEARTBEAT_SECONDS: '1' })
  const silent = await connect(service.url, ann, {}, { autoPong: false })
  const alive = await connect(service.url, ann)
  await expect.poll(() => service.health().connections, { timeout: 10_000 }).toBe(1)
  expect(await silent.closed).toBe(1006)
  alive.send({ type: 'PING' })
  await alive.next('PONG')
  await alive.close()
  await service.stop()
})

test('a database that is not there, has no migration, or gives no role is said when the service starts', async () => {
  await expect(startTestService('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
    code: 'database-unreachable',
  })
  await database.sql('create database bare')
  const bare = new URL(database.serviceUrl)
  bare.pathname = '/bare'
  await expect(startTestService(bare.href)).rejects.toMatchObject({ code: 'migration-missing' })
  const roles = { PUBSUB_ROLES: 'authenticated,service_role' }
  await expect(startTestService(database.serviceUrl, roles)).rejects.toMatchObject({ code: 'role-missing' })
})
