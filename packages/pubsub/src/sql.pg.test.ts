import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../test/testDatabase.js'
import { migrationSql } from './files.js'

const user = '11111111-1111-4111-8111-111111111111'
let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

/** What was logged of one entity, oldest first. */
const logged = (id: string) =>
  database.sql<{ code: string; action: number; version: number; username: string }>(
    `select entity_code as code, action, version::int, username from app.system_logging where entity_id = $1 order by seq`,
    [id],
  )
const actions = async (id: string) => (await logged(id)).map(({ action, version }) => [action, version])
const newProject = async () => {
  const id = randomUUID()
  await database.sql(`insert into app.project (id, owner_id, name) values ($1, $2, 'p')`, [id, user])
  return id
}

test('create, edit and delete are logged as in the reference, with versions that grow', async () => {
  const id = await newProject()
  await database.sql(`update app.project set name = 'q', version = 1 where id = $1`, [id])
  await database.sql(`delete from app.project where id = $1`, [id])
  expect(await actions(id)).toEqual([
    [6, 1],
    [3, 2],
    [5, 3],
  ])
})

test('a changed key is a delete and a create; cascades and truncate are logged too', async () => {
  const [id, moved, task] = [await newProject(), randomUUID(), randomUUID()]
  await database.sql(`insert into app.task (id, project_id, title) values ($1, $2, 't')`, [task, id])
  await database.sql(`delete from app.project where id = $1`, [id])
  expect((await logged(task)).map((row) => row.action)).toEqual([6, 5])
  const employee = randomUUID()
  await database.sql(`insert into app.employee (id, name, email) values ($1, 'e', 'e@x.org')`, [employee])
  await database.sql(`update app.employee set id = $2 where id = $1`, [employee, moved])
  await database.sql('truncate app.employee')
  expect((await logged(employee)).map((row) => row.action)).toEqual([6, 5])
  expect((await logged(moved)).map((row) => row.action)).toEqual([6, 5])
})

test('a table of any name is tracked by one call, and no longer after untrack', async () => {
  await database.sql(`create schema "Odd Schema"`)
  await database.sql(`create table "Odd Schema"."it's" ("Key" uuid, n int)`)
  const name = `"Odd Schema"."it's"`
  await database.sql(`select app.track($1, entity_code => 'odd', id_column => 'Key')`, [name])
  const id = randomUUID()
  await database.sql(`insert into ${name} values ($1), (null)`, [id])
  await database.sql(`update ${name} set n = 1`)
  await database.sql(`select app.untrack($1)`, [name])
  await database.sql(`update ${name} set n = 2`)
  const rows = await logged(id)
  expect(rows.map(({ code, action }) => [code, action])).toEqual([
    ['odd', 6],
    ['odd', 3],
  ])
  expect(rows[1]!.version).toBeGreaterThan(rows[0]!.version)
})

test('a table that cannot be tracked is refused with a sentence that says what to do', async () => {
  await database.sql(`create table app.numbered (id bigint primary key)`)
  await expect(database.sql(`select app.track('app.numbered')`)).rejects.toThrow('has no column id of type')
  await expect(database.sql(`select app.track('nothing')`)).rejects.toThrow('There is no table nothing')
})

test('who wrote is taken from the token', async () => {
  const [id, client] = [await newProject(), await database.connect()]
  await client.query('begin')
  await client.query(
    `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
    [JSON.stringify({ sub: user, email: 'ann@example.org' })],
  )
  await client.query(`update app.project set name = 'by ann' where id = $1`, [id])
  await client.query('commit')
  expect((await logged(id))[1]).toMatchObject({ action: 3, username: 'ann@example.org' })
})

test('a commit is notified once with the id of its transaction; a view and a rollback are not', async () => {
  const [listener, client] = [await database.connect(), await database.connect()]
  const heard: string[] = []
  listener.on('notification', ({ payload = '' }) => heard.push(payload))
  await listener.query('listen tidemark_pubsub')
  await client.query(
    `insert into app.system_logging (entity_code, entity_id, action) values ('project', gen_random_uuid(), 0)`,
  )
  await client.query(`begin; insert into app.project (owner_id, name) values ('${user}', 'lost'); rollback`)
  await client.query('begin')
  const { rows } = await client.query('select pg_current_xact_id()::text as xid')
  for (const name of ['a', 'b']) {
    await client.query(`insert into app.project (owner_id, name) values ($1, $2)`, [user, name])
  }
  await client.query('commit')
  await expect.poll(() => heard).toEqual([rows[0].xid])
})

test('subscribers are found for many entities at once', async () => {
  const [a, b] = [randomUUID(), randomUUID()]
  await database.sql(
    `insert into app.system_cache_subscription (user_id, entity_code, entity_id, connection_id)
     values ($1, 'project', $2, 'one'), ($1, 'project', $2, 'two'), ($1, 'task', $3, 'one')`,
    [user, a, b],
  )
  const found = await database.sql<{ connection_id: string }>(
    `select connection_id from app.get_batch_subscribers('project', $1) order by 1`,
    [[a, b]],
  )
  expect(found.map((row) => row.connection_id)).toEqual(['one', 'two'])
})

test('a row is marked when the slowest instance has it, and removed when it is marked and old', async () => {
  await database.sql(`delete from app.system_logging`)
  const [fast, slow] = [randomUUID(), randomUUID()]
  await newProject()
  await database.sql(`insert into app.system_logging (action) values (3)`) // Nobody can be told of this one.
  const beat = (instance: string, position: string) =>
    database.sql(`select app.pubsub_beat($1, ${position})`, [instance])
  const sweep = async () =>
    (
      await database.sql<{ marked: string; removed: string }>(
        `select * from app.pubsub_sweep('1 min', '1 day')`,
      )
    )[0]
  await beat(slow, `'3'`)
  await beat(fast, `pg_snapshot_xmax(pg_current_snapshot())`)
  expect(await sweep()).toEqual({ marked: '0', removed: '0' })
  await database.sql(
    `update app.system_pubsub_instance set seen_at = now() - interval '2 min' where id = $1`,
    [slow],
  )
  expect(await sweep()).toEqual({ marked: '2', removed: '0' })
  const statuses = await database.sql(`select sync_status as s from app.system_logging order by 1`)
  expect(statuses).toEqual([{ s: 'failed' }, { s: 'sent' }])
  const last = await database.sql(`select max(xid)::text as xid from app.system_logging`)
  await database.sql(`update app.system_logging set created_ts = now() - interval '2 days'`)
  await newProject()
  expect(await sweep()).toEqual({ marked: '0', removed: '2' })
  expect(await database.sql(`select pruned_through::text as xid from app.system_pubsub_state`)).toEqual(last)
})

test('users see nothing of the log, and the service may neither write changes nor read entities', async () => {
  const [service, client] = [await database.connect(database.serviceUrl), await database.connect()]
  await expect(service.query('select * from app.project')).rejects.toThrow('permission denied')
  await expect(service.query('insert into app.system_logging (action) values (3)')).rejects.toThrow(
    'permission denied',
  )
  await expect(service.query(`select app.track('app.project')`)).rejects.toThrow('permission denied')
  await client.query('set role authenticated')
  await expect(client.query('select * from app.system_logging')).rejects.toThrow('permission denied')
  await expect(client.query('select * from app.system_cache_subscription')).rejects.toThrow(
    'permission denied',
  )
})

test('the migration may be run again', async () => {
  await database.sql(await migrationSql())
  await database.sql(await migrationSql())
})
