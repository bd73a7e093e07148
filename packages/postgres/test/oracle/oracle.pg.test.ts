import 'fake-indexeddb/auto'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDatabase } from '../database.js'
import { startWorld, tables } from '../world.js'
import { untilEqual, type Device } from './device.js'
import { openDevice, seen, signUp } from './people.js'
import { write } from './writers.js'

const transactions = Number(process.env.ORACLE_TRANSACTIONS ?? 20_000)
/** More than one is for a soak: `npm run soak`. */
const rounds = Number(process.env.ORACLE_ROUNDS ?? 1)
const people = ['ada', 'ben', 'cy']

let database: TestDatabase
let connections: pg.Client[]
const users: string[] = []
const devices: Device[] = []

beforeAll(async () => {
  database = await startWorld()
  connections = await Promise.all(Array.from({ length: 16 }, () => database.connect()))
  await database.server.sql('grant set on parameter session_replication_role to tide_owner')
  for (const name of people) users.push(await signUp(database, name))
  for (const name of [...people, 'ada', 'ben']) devices.push(await openDevice(database, name))
}, 120_000)
afterAll(async () => {
  await Promise.all(devices.map((device) => device.stop()))
  await database.stop()
}, 60_000)

const expected = (user: string, table: keyof typeof tables) => seen(database, user, table)

/** Until no pull that reads the tables in another order is in the way. */
async function empty(): Promise<void> {
  try {
    await database.sql('truncate notes, docs, members, settings')
  } catch (error) {
    if ((error as { code?: string }).code !== '40P01') throw error
    await empty()
  }
}

describe('the oracle', () => {
  test(
    `R6, D1: after ${transactions} transactions of 16 writers every device has exactly what its user may see`,
    async () => {
      for (let round = 1; round <= rounds; round += 1) {
        if (round > 1) await empty()
        await write({ connections, users, transactions })
        expect((await untilEqual(devices, expected, 300_000)).slice(0, 10)).toEqual([])
        // There was something to find.
        expect((await expected(users[0] ?? '', 'notes')).length).toBeGreaterThan(transactions / 100)
        if (rounds > 1) process.stdout.write(`round ${round} of ${rounds}: every device is equal\n`)
      }
      const status = devices[0]?.tide.status$.current
      expect(status && 'modes' in status && Object.values(status.modes)).toEqual([
        'exact',
        'exact',
        'exact',
        'exact',
      ])
    },
    600_000 * rounds,
  )

  test('a cursor on updated_at loses rows of the same writers, so the oracle can see a loss', async () => {
    let done = false
    const cursor = followCursor(await database.connect(), () => done)
    await write({ connections, users, transactions: 2_000 })
    done = true
    const followed = await cursor
    const rows = await database.sql('select id from public.notes')
    expect(rows.filter(({ id }) => !followed.has(id as string)).length).toBeGreaterThan(0)
  }, 120_000)

  test('R5, D2: devices write at the same time, with lost answers, and every write takes effect once', async () => {
    database.server.faults.set({ dropResponses: 0.2, only: '^/rest/v1/rpc/tidemark_push' })
    const counts = await Promise.all(devices.map((device, index) => writeNotes(device, `d${index}`)))
    database.server.faults.clear()
    expect((await untilEqual(devices, expected, 60_000)).slice(0, 10)).toEqual([])
    const [counted] = await database.sql(
      "select count(*)::int as rows, count(distinct title)::int as titles from public.notes where title like 'own %'",
    )
    expect(counted).toEqual({ rows: counts.reduce((sum, count) => sum + count, 0), titles: counted.rows })
  }, 300_000)
})

/** Reads what a cursor on `updated_at` shows, as often as it can, until `done`; resolves with the ids of all rows it has seen. */
async function followCursor(client: pg.Client, done: () => boolean): Promise<Set<string>> {
  const seenIds = new Set<string>()
  let cursor = '-infinity'
  for (let last = false; !last;) {
    last = done()
    const { rows } = await client.query<{ id: string; at: string }>(
      'select id, updated_at::text as at from public.notes where updated_at > $1::timestamptz order by updated_at',
      [cursor],
    )
    for (const row of rows) seenIds.add(row.id)
    cursor = rows.at(-1)?.at ?? cursor
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return seenIds
}

async function writeNotes(device: Device, name: string): Promise<number> {
  for (let index = 0; index < 40; index += 1) {
    await device.tide.tables.notes.insert({ title: `own ${name} ${index}`, n: 0, at: index, parent: null })
    if (index % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 60))
  }
  return 40
}
