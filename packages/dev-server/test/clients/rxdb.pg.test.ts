/** RxDB's Supabase replication, set up as its documentation says. */
import { createRxDatabase, type RxCollection, type RxDatabase } from 'rxdb/plugins/core'
import { replicateSupabase } from 'rxdb/plugins/replication-supabase'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../testServer.js'

const sql = `
  create extension if not exists moddatetime schema extensions;
  create table "public"."humans" (
    "passportId" text primary key, "firstName" text not null, "lastName" text not null, "age" integer,
    "_deleted" boolean default false not null,
    "_modified" timestamp with time zone default now() not null
  );
  create trigger update_modified_datetime before update on public.humans
    for each row execute function extensions.moddatetime('_modified');
  alter publication supabase_realtime add table "public"."humans";`

interface Human {
  passportId: string
  firstName: string
  lastName: string
  age?: number
}

const schema = {
  version: 0,
  primaryKey: 'passportId',
  type: 'object',
  properties: {
    passportId: { type: 'string', maxLength: 100 },
    firstName: { type: 'string' },
    lastName: { type: 'string' },
    age: { type: 'number' },
  },
  required: ['passportId', 'firstName', 'lastName'],
} as const

let server: TestServer
const databases: RxDatabase[] = []
beforeAll(async () => {
  server = await startTestServer(sql)
})
beforeEach(() => server.sql('delete from humans'))
afterEach(() => Promise.all(databases.splice(0).map((database) => database.close())))
afterAll(() => server.stop())

/** A device with a database of its own, which has replicated once. */
async function device() {
  const name = `humans${crypto.randomUUID()}`
  const database = await createRxDatabase({ name, storage: getRxStorageMemory() })
  databases.push(database)
  const { humans } = await database.addCollections<{ humans: RxCollection<Human> }>({ humans: { schema } })
  const errors: unknown[] = []
  const replication = replicateSupabase({
    tableName: 'humans',
    // RxDB brings the types of a supabase-js of its own.
    client: (await server.client()) as never,
    collection: humans,
    replicationIdentifier: name,
    live: true,
    waitForLeadership: false,
    retryTime: 100,
    pull: { batchSize: 2 },
    push: { batchSize: 2 },
  })
  replication.error$.subscribe((error) => errors.push(error))
  await replication.awaitInitialReplication()
  return { humans, replication, errors }
}

const ada: Human = { passportId: 'ada', firstName: 'Ada', lastName: 'Lovelace' }
const rows = (columns = '"firstName", _deleted') =>
  server.sql(`select ${columns} from humans order by "passportId"`)

describe('RxDB', () => {
  test('pulls what is there, page by page', async () => {
    await server.sql(`insert into humans ("passportId", "firstName", "lastName")
      select 'p' || i, 'Name ' || i, 'x' from generate_series(1, 7) i`)
    const { humans, errors } = await device()
    expect(await humans.count().exec()).toBe(7)
    expect(errors).toEqual([])
  })

  test('pushes what is inserted, changed and removed', async () => {
    const { humans, errors } = await device()
    const document = await humans.insert(ada)
    await expect.poll(() => rows()).toEqual([{ firstName: 'Ada', _deleted: false }])
    await document.incrementalPatch({ age: 36 })
    await expect.poll(() => rows('age')).toEqual([{ age: 36 }])
    await document.incrementalRemove()
    await expect.poll(() => rows('_deleted')).toEqual([{ _deleted: true }])
    expect(errors).toEqual([])
  })

  test('hears at once of what another device and the database write', async () => {
    const [first, second] = [await device(), await device()]
    await first.humans.insert(ada)
    const nameOf = async () => (await second.humans.findOne('ada').exec())?.firstName
    await expect.poll(nameOf).toBe('Ada')
    await server.sql(`update humans set "firstName" = 'Augusta'`)
    await expect.poll(nameOf).toBe('Augusta')
    await server.sql('update humans set _deleted = true')
    await expect.poll(nameOf).toBeUndefined()
    expect([...first.errors, ...second.errors]).toEqual([])
  })

  test('is told of a conflict, and keeps what the server has', async () => {
    const { humans, replication, errors } = await device()
    await humans.insert(ada)
    await replication.awaitInSync()
    server.faults.set({ missEvents: 1 })
    await server.sql(`update humans set "lastName" = 'King'`)
    const document = await humans.findOne('ada').exec(true)
    await document.incrementalPatch({ lastName: 'Byron' })
    await replication.awaitInSync()
    server.faults.clear()
    await expect.poll(async () => (await humans.findOne('ada').exec(true)).lastName).toBe('King')
    expect(await rows('"lastName"')).toEqual([{ lastName: 'King' }])
    expect(errors).toEqual([])
  })
})
