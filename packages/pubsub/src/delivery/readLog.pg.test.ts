import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProjects, startTestDatabase, type TestDatabase } from '../../test/testDatabase.js'
import { ann } from '../../test/testService.js'
import { pageSize, readPage, readState } from './readLog.js'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

test('what is committed between two pages is in neither, and in the next read', async () => {
  const ids = await makeProjects(database, ann, pageSize + 10)
  const client = await database.connect()
  const { snapshot: since } = await readState(client)
  const rename = (name: string, some: string[]) =>
    database.sql('update app.project set name = $1 where id = any($2)', [name, some])
  await rename('first', ids)
  const first = await readPage(client, { since })
  await rename('between', ids.slice(0, 3))
  const second = await readPage(client, { since, after: first.next, until: first.snapshot })
  const told = [...first.changes, ...second.changes]
  expect(new Set(told.map(({ entityId }) => entityId))).toEqual(new Set(ids))
  expect(told.map(({ version }) => version)).toEqual(ids.map(() => 2))
  expect(second.next).toBeUndefined()
  const later = await readPage(client, { since: second.snapshot })
  expect(later.changes.map(({ entityId, version }) => ({ entityId, version }))).toEqual(
    ids.slice(0, 3).map((entityId) => ({ entityId, version: 3 })),
  )
})
