import 'fake-indexeddb/auto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema, tables } from '../world.js'
import { Cluster } from './cluster.js'
import { untilEqual, type Device } from './device.js'
import { openDevice, seen, signUp } from './people.js'
import { killConnections, liveOn, tallied, tally } from './trouble.js'
import { write, type WritersOptions } from './writers.js'

const people = ['ada', 'ben']

let cluster: Cluster
let users: string[]
const devices: Device[] = []
/** Notes that were made on devices. */
let made = 0

beforeAll(async () => {
  cluster = await Cluster.start(schema + tally, tables)
  await cluster.database.server.sql('grant set on parameter session_replication_role to tide_owner')
  users = await Promise.all(people.map((name) => signUp(cluster.database, name)))
  for (const name of [...people, 'ada']) devices.push(await openDevice(cluster.database, name))
}, 120_000)
afterAll(async () => {
  await Promise.all(devices.map((device) => device.stop()))
  await cluster.end()
}, 60_000)

const expected = (user: string, table: keyof typeof tables) => seen(cluster.database, user, table)

/** At rest every device has what its user may see, and every note made on one was made on the server, once. */
async function checkAll(): Promise<void> {
  expect((await untilEqual(devices, expected, 60_000)).slice(0, 10)).toEqual([])
  expect(await tallied(cluster.database)).toBe(made)
}

/** Sixteen writers; resolves with what ended them. */
async function writers(options: Partial<WritersOptions>): Promise<unknown> {
  const { database } = cluster
  const connections = await Promise.all(Array.from({ length: 16 }, () => database.connect()))
  return write({ connections, users, transactions: 1_500, emptying: 0.004, ...options }).catch(
    (error: unknown) => error,
  )
}

/** Uses all devices until `stop` is called, which resolves when the last write is durable. */
function use(): { stop(): Promise<void> } {
  const living = devices.map(liveOn)
  return {
    stop: async () => {
      const counts = await Promise.all(living.map(({ stop }) => stop()))
      made += counts.reduce((sum, count) => sum + count, 0)
    },
  }
}

test('R5, R6: tables are emptied under load, and connections are killed while devices pull and push', async () => {
  const killing = killConnections(cluster.database.server)
  const using = use()
  expect(await writers({})).toBeUndefined()
  await using.stop()
  expect(await killing.stop()).toBeGreaterThan(5)
  await checkAll()
}, 180_000)

test('R5, R6: the server goes away in the middle and comes back', async () => {
  const using = use()
  const writing = writers({ transactions: Infinity })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await cluster.restart()
  expect(await writing).toBeInstanceOf(Error)
  expect(await writers({ transactions: 300 })).toBeUndefined()
  await using.stop()
  await checkAll()
}, 180_000)

test('R6: what got past every trigger is found by comparing digests', async () => {
  await cluster.database.sql(`set constraints all immediate; alter table notes disable trigger user;
    insert into notes (user_id, title) select '${users[0]}', 'sneaked in' from generate_series(1, 5);
    update notes set title = 'sneaked' where id in (select id from notes order by id limit 10);
    delete from notes where id in (select id from notes order by id desc limit 10);
    alter table notes enable trigger user; alter table notes enable always trigger zz_tidemark_stamp;
    alter table notes enable always trigger tidemark_deleted; alter table notes enable always trigger tidemark_truncated`)
  for (const { tide } of devices) tide.sync()
  await checkAll()
}, 120_000)

test('R5, R6: the database is set back to a backup, and devices follow it', async () => {
  const before = await cluster.database.sql('select tidemark.epoch() as epoch')
  await cluster.backUp()
  expect(await cluster.database.sql('select tidemark.epoch() as epoch')).toEqual(before)
  const keptNotes = await tallied(cluster.database)
  const using = use()
  expect(await writers({ transactions: 300 })).toBeUndefined()
  await using.stop()
  await checkAll()
  await cluster.setBack()
  expect(await cluster.database.sql('select tidemark.epoch() as epoch')).not.toEqual(before)
  // What devices made since the backup was on the server, and went with it.
  made = keptNotes
  const after = use()
  expect(await writers({ transactions: 300 })).toBeUndefined()
  await after.stop()
  await checkAll()
}, 180_000)
