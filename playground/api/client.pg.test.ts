import { browserPorts } from '@tidemark/core'
import { createEntities, draft, restFetcher } from '@tidemark/core/entities'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { entityTypes } from '../src/shared/entityTypes.ts'
import { createApi } from './createApi.ts'
import { startTestApi, type ApiUser, type TestApi } from './testApi.ts'

let api: TestApi
let url: string
const opened: { stop(): Promise<void> }[] = []

beforeAll(async () => {
  api = await startTestApi()
  url = `${await api.app.listen({ port: 0, host: '127.0.0.1' })}/api/v1`
})
afterEach(() => Promise.all(opened.splice(0).map((entities) => entities.stop())))
afterAll(() => api.stop())

/** The entities of one user, as on a device of their own. */
async function deviceOf(user: ApiUser, token = () => user.token) {
  const entities = createEntities({
    name: 'playground',
    types: entityTypes,
    fetcher: restFetcher({ url, token }),
    ports: { ...browserPorts, random: () => 0.01 },
  })
  opened.push(entities)
  await entities.start(user.id)
  return entities
}

test('a list, an entity and its tasks are shown, changed and deleted', async () => {
  const user = await api.user('editor')
  const entities = await deviceOf(user)
  const list = entities.entityList('project', { orderBy: 'name', filters: { stage: 'planned' } })
  list.subscribe()
  await expect.poll(() => list.current).toMatchObject({ name: 'fresh', data: { rows: [], total: 0 } })
  const { id } = await entities.entityMutation('project').create({ name: 'Harbour' })
  await expect
    .poll(() => list.current)
    .toMatchObject({ name: 'fresh', data: { rows: [{ name: 'Harbour' }], total: 1 } })
  await entities.entityMutation('task').create({ project_id: id, title: 'Dig' })
  const tasks = entities.entityList('task', { filters: { project_id: id, done: false } })
  tasks.subscribe()
  await expect.poll(() => tasks.current?.data?.rows).toMatchObject([{ title: 'Dig' }])
  await entities.entityMutation('project').update(id, { stage: 'active' })
  await expect.poll(() => list.current).toMatchObject({ name: 'fresh', data: { total: 0 } })
  await entities.entityMutation('project').remove(id)
  const project = entities.entity('project', id)
  project.subscribe()
  await expect.poll(() => project.current?.name).toBe('removed')
})

test('two users edit one project: the second meets a conflict, resolves it, and saves', async () => {
  const [first, second] = [await api.user('editor'), await api.user('editor')]
  const id = await api.project(first, 'Bridge', { sharedWith: [second.id] })
  const [mine, theirs] = [await deviceOf(second), await deviceOf(first)]
  const edited = draft(mine, 'project', id)
  edited.state$.subscribe()
  await edited.start()
  edited.update({ name: 'My bridge' })
  await theirs.entityMutation('project').update(id, { name: 'Their bridge', stage: 'active' })
  await expect(edited.save()).rejects.toMatchObject({ status: 412 })
  await expect
    .poll(() => edited.state$.current)
    .toMatchObject({ name: 'conflict', conflict: { theirs: { name: 'Their bridge' }, fields: ['name'] } })
  edited.resolve('mine')
  await expect(edited.save()).resolves.toMatchObject({ name: 'My bridge', stage: 'active', version: 3 })
})

test('a session that has expired needs a sign-in; after it, all goes on', async () => {
  const user = await api.user('viewer')
  const id = await api.project(user, 'Pier')
  let token = 'expired'
  const entities = await deviceOf(user, () => token)
  const project = entities.entity('project', id)
  project.subscribe()
  await expect.poll(() => project.current?.name).toBe('needs-sign-in')
  token = user.token
  await entities.start(user.id)
  await expect.poll(() => project.current).toMatchObject({ name: 'fresh', data: { name: 'Pier' } })
})

test('what a role does not allow is taken back', async () => {
  const user = await api.user('viewer')
  const id = await api.project(user, 'Pier')
  const entities = await deviceOf(user)
  const project = entities.entity('project', id)
  project.subscribe()
  await expect.poll(() => project.current?.name).toBe('fresh')
  const renamed = entities.entityMutation('project').update(id, { name: 'Quay' })
  expect(project.current?.data?.name).toBe('Quay')
  await expect(renamed).rejects.toMatchObject({
    kind: 'refused',
    status: 403,
    message: 'Your role does not allow this.',
  })
  await expect.poll(() => project.current?.data?.name).toBe('Pier')
})

test('while the database is away the API is busy, and nothing of it is told', async () => {
  const failures: unknown[] = []
  const { jwtSecret } = api.server
  const away = await createApi({
    databaseUrl: 'postgres://nobody@127.0.0.1:9/none',
    jwtSecret,
    failed: (error) => failures.push(error),
  })
  const user = await api.user('viewer')
  const answer = await away.inject({
    url: '/api/v1/project',
    headers: { authorization: `Bearer ${user.token}` },
  })
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toEqual({ code: 'ECONNREFUSED', message: 'The database cannot be reached now.' })
  expect(failures).toEqual([])
  await away.close()
})
