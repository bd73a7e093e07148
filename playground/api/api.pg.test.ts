import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type ApiUser, type TestApi } from './testApi.ts'

let api: TestApi
let editor: ApiUser
let viewer: ApiUser
let admin: ApiUser

beforeAll(async () => {
  api = await startTestApi()
  ;[editor, viewer, admin] = await Promise.all([api.user('editor'), api.user('viewer'), api.user('admin')])
})
afterAll(async () => {
  expect(api.failures).toEqual([])
  await api.stop()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
async function ask(
  user: { readonly token: string } | undefined,
  method: Method,
  path: string,
  { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {},
) {
  const answer = await api.app.inject({
    method,
    url: `/api/v1/${path}`,
    headers: { ...headers, ...(user && { authorization: `Bearer ${user.token}` }) },
    ...(body && { payload: body }),
  })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body === '' ? undefined : (JSON.parse(answer.body) as any),
  }
}

test('an entity is created, read, changed and deleted', async () => {
  const created = await ask(editor, 'POST', 'project', {
    body: { name: 'Harbour', budget: 1200.5, due: '2026-09-01' },
  })
  expect(created).toMatchObject({
    status: 201,
    headers: { etag: '"1"' },
    body: {
      name: 'Harbour',
      owner_id: editor.id,
      stage: 'planned',
      budget: 1200.5,
      due: '2026-09-01',
      version: 1,
    },
  })
  const at = `project/${created.body.id}`
  expect(created.headers.location).toBe(`/api/v1/${at}`)
  expect(await ask(editor, 'GET', at)).toMatchObject({ status: 200, body: { name: 'Harbour' } })
  expect(await ask(editor, 'PATCH', at, { body: { stage: 'active' } })).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { stage: 'active', version: 2 },
  })
  expect(await ask(editor, 'DELETE', at)).toMatchObject({ status: 204, body: undefined })
  expect(await ask(editor, 'GET', at)).toMatchObject({ status: 404, body: { code: 'missing' } })
})

test('a version is an ETag: what is known is not sent again, and what has changed is not overwritten', async () => {
  const at = `project/${await api.project(editor, 'Bridge')}`
  const known = { 'if-none-match': '"1"' }
  expect(await ask(editor, 'GET', at, { headers: known })).toMatchObject({ status: 304, body: undefined })
  await ask(editor, 'PATCH', at, { body: { name: 'Long bridge' }, headers: { 'if-match': '"1"' } })
  expect(await ask(editor, 'GET', at, { headers: known })).toMatchObject({ status: 200 })
  const late = { headers: { 'if-match': '"1"' } }
  expect(await ask(editor, 'PATCH', at, { body: { name: 'Late' }, ...late })).toMatchObject({ status: 412 })
  expect(await ask(editor, 'DELETE', at, late)).toMatchObject({ status: 412 })
  expect(
    await ask(editor, 'PATCH', at, { body: { name: 'x' }, headers: { 'if-match': 'W/"abc"' } }),
  ).toMatchObject({ status: 412 })
  expect(await ask(editor, 'GET', at)).toMatchObject({ body: { name: 'Long bridge', version: 2 } })
})

test('a list has pages, order, filters and a total, and an ETag', async () => {
  const owner = await api.user('editor')
  for (const [name, stage] of [
    ['A', 'open'],
    ['B', 'done'],
    ['C', 'open'],
    ['D', 'held'],
  ] as const)
    await api.project(owner, name, { stage })
  const names = async (query: string) => {
    const { body } = await ask(owner, 'GET', `project?${query}`)
    return [body.data.map(({ name }: { name: string }) => name).join(''), body.total]
  }
  expect(await names('page=2&limit=3&orderBy=name')).toEqual(['D', 4])
  expect(await names('orderBy=-name&limit=2')).toEqual(['DC', 4])
  expect(await names('stage=open&stage=held&orderBy=name')).toEqual(['ACD', 3])
  expect(await names('due=&orderBy=name')).toEqual(['ABCD', 4])
  expect(await names('page=9')).toEqual(['', 4])
  expect(await names(`stage=${encodeURIComponent("open' or true --")}`)).toEqual(['', 0])
  const first = await ask(owner, 'GET', 'project?limit=1')
  const again = { headers: { 'if-none-match': String(first.headers.etag) } }
  expect(await ask(owner, 'GET', 'project?limit=1', again)).toMatchObject({ status: 304 })
})

test.each([
  ['project?page=0'],
  ['project?page=x'],
  ['project?limit=101'],
  ['project?orderBy=owner_id;drop'],
  ['project?nothing=1'],
  ['project/7'],
])('what makes no sense is refused: %s', async (path) => {
  expect(await ask(editor, 'GET', path)).toMatchObject({ status: 400, body: { code: 'invalid' } })
})

test.each([
  [{}, 400],
  [{ name: '' }, 400],
  [{ name: 7 }, 400],
  [{ name: 'x', version: 9 }, 400],
  [{ name: 'x', owner_id: '00000000-0000-4000-8000-000000000001' }, 400],
  [{ name: 'x', unknown: true }, 400],
  [{ name: 'x', due: '2026-02-30' }, 400],
  [{ name: 'x', budget: -1 }, 400],
])('a new project with %j is answered with %i', async (body, status) => {
  expect(await ask(editor, 'POST', 'project', { body })).toMatchObject({ status })
})

test('a key that is taken is 409, and one that refers to nothing is refused', async () => {
  const id = await api.project(editor, 'Taken')
  expect(await ask(editor, 'POST', 'project', { body: { id, name: 'Again' } })).toMatchObject({ status: 409 })
  const nowhere = { project_id: crypto.randomUUID(), title: 'Lost' }
  expect(await ask(editor, 'POST', 'task', { body: nowhere })).toMatchObject({ status: 403 })
})

test('who is not signed in is told nothing else', async () => {
  const key = (secret: string) => new TextEncoder().encode(secret)
  const sign = (claims: object, secret = api.server.jwtSecret, expires = '1h') =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(editor.id)
      .setExpirationTime(expires)
      .sign(key(secret))
  const tokens = [
    'nonsense',
    await sign({ role: 'authenticated' }, 'another-secret-that-is-long-enough-too'),
    await sign({ role: 'authenticated' }, undefined, '-1s'),
    await sign({ role: 'service_role' }),
    api.server.anonKey,
  ]
  for (const token of tokens)
    expect(await ask({ token }, 'GET', 'project?page=0')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    })
  expect(await ask(undefined, 'GET', 'project')).toMatchObject({ status: 401, body: { code: 'no-token' } })
})

test('the role decides at every request', async () => {
  const at = `project/${await api.project(editor, 'Shared', { sharedWith: [viewer.id] })}`
  expect(await ask(viewer, 'GET', at)).toMatchObject({ status: 200 })
  expect(await ask(viewer, 'PATCH', at, { body: { name: 'Mine' } })).toMatchObject({
    status: 403,
    body: { code: 'role' },
  })
  expect(await ask(viewer, 'DELETE', at)).toMatchObject({ status: 403 })
  expect(await ask(viewer, 'POST', 'project', { body: { name: 'New' } })).toMatchObject({ status: 403 })
  await api.server.sql("update app.employee set role = 'editor' where user_id = $1", [viewer.id])
  expect(await ask(viewer, 'PATCH', at, { body: { name: 'Ours' } })).toMatchObject({ status: 200 })
  expect(await ask(viewer, 'DELETE', at)).toMatchObject({ status: 403 })
  await api.server.sql('delete from app.employee where user_id = $1', [viewer.id])
  expect(await ask(viewer, 'GET', at)).toMatchObject({ status: 403, body: { code: 'no-role' } })
})

test('what somebody may not see is not there, its tasks neither', async () => {
  const other = await api.user('editor')
  const id = await api.project(editor, 'Secret')
  const { body: task } = await ask(editor, 'POST', 'task', { body: { project_id: id, title: 'Whisper' } })
  for (const at of [`project/${id}`, `task/${task.id}`]) {
    for (const method of ['GET', 'DELETE'] as const)
      expect(await ask(other, method, at)).toMatchObject({ status: 404 })
    expect(await ask(other, 'PATCH', at, { body: {} })).toMatchObject({ status: 404 })
    expect(await ask(admin, 'GET', at)).toMatchObject({ status: 200 })
  }
  expect((await ask(other, 'GET', `task?project_id=${id}`)).body).toMatchObject({ data: [], total: 0 })
})

test('employees are everybody’s to see and an administrator’s to change', async () => {
  const { body } = await ask(editor, 'GET', 'employee?role=admin')
  expect(body.data).toMatchObject([{ role: 'admin' }])
  const at = `employee/${body.data[0].id}`
  expect(await ask(editor, 'PATCH', at, { body: { role: 'viewer' } })).toMatchObject({ status: 403 })
  expect(await ask(admin, 'PATCH', at, { body: { name: 'Chief' } })).toMatchObject({
    status: 200,
    body: { name: 'Chief' },
  })
})

test('reference data have their order, and are for staff only', async () => {
  expect((await ask(editor, 'GET', 'datalabel/project_stage')).body[0]).toEqual({
    value: 'planned',
    label: 'Planned',
    color: 'gray',
  })
  expect((await ask(editor, 'GET', 'entity-codes')).body).toHaveLength(3)
  expect((await ask(editor, 'GET', 'settings')).body).toEqual({ currency: 'EUR', page_size: 20 })
  expect(await ask(await api.user(), 'GET', 'settings')).toMatchObject({ status: 403 })
})

test('the API describes itself', async () => {
  const { body } = await api.app.inject({ url: '/docs/json' })
  const { paths } = JSON.parse(body)
  const ofEntities = ['employee', 'project', 'task'].flatMap((code) => [
    `/api/v1/${code}`,
    `/api/v1/${code}/{id}`,
  ])
  expect(Object.keys(paths)).toEqual(expect.arrayContaining([...ofEntities, '/api/v1/datalabel/{name}']))
  const names = paths['/api/v1/project'].get.parameters.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining(['page', 'limit', 'orderBy', 'stage']))
  const { schema } = paths['/api/v1/project/{id}'].patch.requestBody.content['application/json']
  expect(Object.keys(schema.properties)).toEqual(['shared_with', 'name', 'stage', 'budget', 'due'])
  expect((await api.app.inject({ url: '/docs/' })).statusCode).toBe(200)
  expect((await api.app.inject({ url: '/nothing' })).statusCode).toBe(404)
})
