import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { restFetcher } from '../entities.js'

interface Heard {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
const heard: Heard[] = []
let server: Server | undefined

/** A real server that answers every request in the same way. */
async function serve(answer: (response: ServerResponse) => void, token?: () => string | undefined) {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      const { method, url, headers } = request
      heard.push({ method, url, headers, body })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return restFetcher({ url: `http://127.0.0.1:${port}/api/v1/`, ...(token && { token }) })
}
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }

afterEach(async () => {
  heard.length = 0
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

test('an entity is read with the token, and asked for again by its ETag', async () => {
  const rest = await serve(json(200, { id: 'a/b', name: 'Quay' }, { etag: '"7"' }), () => 'token-1')
  const read = await rest.read('project', 'a/b', {})
  expect(read).toEqual({ data: { id: 'a/b', name: 'Quay' }, tag: '"7"' })
  await rest.read('project', 'a/b', { tag: '"7"' })
  expect(heard[0]).toMatchObject({ method: 'GET', url: '/api/v1/project/a%2Fb' })
  expect(heard[0]?.headers).toMatchObject({ authorization: 'Bearer token-1', accept: 'application/json' })
  expect(heard[0]?.headers['if-none-match']).toBeUndefined()
  expect(heard[1]?.headers['if-none-match']).toBe('"7"')
})

test('304 is unchanged', async () => {
  const rest = await serve(json(304, undefined))
  await expect(rest.read('project', '1', { tag: '"7"' })).resolves.toBe('unchanged')
  await expect(rest.list('project', { page: 1, limit: 5 }, { tag: 'x' })).resolves.toBe('unchanged')
})

test('a list says its page, order and filters in the address', async () => {
  const rest = await serve(json(200, { data: [{ id: '1' }], total: 9 }))
  const page = await rest.list(
    'project',
    {
      page: 2,
      limit: 1,
      orderBy: '-name',
      filters: { stage: ['a', 'b&c'], done: false, owner: null, skip: undefined },
    },
    {},
  )
  expect(page).toMatchObject({ data: { rows: [{ id: '1' }], total: 9 } })
  expect(heard[0]?.url).toBe(
    '/api/v1/project?page=2&limit=1&orderBy=-name&stage=a&stage=b%26c&done=false&owner=',
  )
})

test('writes carry their body, and what they are based on', async () => {
  const rest = await serve(json(200, { id: '1' }, { etag: '"8"' }))
  await rest.create('project', { name: 'New' }, {})
  await expect(rest.update('project', '1', { name: 'Quay' }, { tag: '"7"' })).resolves.toMatchObject({
    tag: '"8"',
  })
  expect(heard).toMatchObject([
    { method: 'POST', url: '/api/v1/project', body: '{"name":"New"}' },
    { method: 'PATCH', url: '/api/v1/project/1', body: '{"name":"Quay"}' },
  ])
  expect(heard[1]?.headers['if-match']).toBe('"7"')
})

test('a delete may answer nothing', async () => {
  const rest = await serve(json(204, undefined))
  await expect(rest.remove('project', '1', {})).resolves.toBeUndefined()
  expect(heard).toMatchObject([{ method: 'DELETE', url: '/api/v1/project/1' }])
})

test('reference data have their own addresses', async () => {
  const rest = await serve(json(200, []))
  await rest.reference({ kind: 'datalabel', name: 'project stage' }, {})
  await rest.reference({ kind: 'entity-codes' }, {})
  await rest.reference({ kind: 'settings' }, {})
  expect(heard.map(({ url }) => url)).toEqual([
    '/api/v1/datalabel/project%20stage',
    '/api/v1/entity-codes',
    '/api/v1/settings',
  ])
})

test.each([
  [401, 'sign-in', 'sign-in'],
  [404, 'refused', 'refused'],
  [412, 'refused', 'refused'],
  [429, 'retry', 'server-busy'],
  [503, 'retry', 'server-busy'],
])('%i rejects with a RemoteError of kind %s', async (status, kind, code) => {
  const rest = await serve(json(status, { message: 'Why.' }, { 'retry-after': '3' }))
  await expect(rest.read('project', '1', {})).rejects.toMatchObject({
    name: 'RemoteError',
    status,
    kind,
    code,
    message: 'Why.',
    retryAfter: 3_000,
  })
})

test('a page that something on the network puts in between is tried again, and its text is shown to nobody', async () => {
  const html = (status: number) => (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'text/html' })
    response.end('<h1>Welcome to the hotel</h1>')
  }
  const rest = await serve(html(200))
  await expect(rest.read('project', '1', {})).rejects.toMatchObject({ kind: 'retry' })
  await expect(rest.list('project', { page: 1, limit: 1 }, {})).rejects.toMatchObject({ kind: 'retry' })
  const busy = await serve(html(502))
  await expect(busy.read('project', '1', {})).rejects.toMatchObject({
    kind: 'retry',
    message: 'The server answered with status 502.',
  })
})

test('no network is a failure of kind retry, and an aborted request fails', async () => {
  const rest = await serve(() => undefined)
  const run = new AbortController()
  const aborted = rest.read('project', '1', { signal: run.signal })
  run.abort()
  await expect(aborted).rejects.toBeInstanceOf(Error)
  const nowhere = restFetcher({ url: 'http://127.0.0.1:9/api' })
  await expect(nowhere.read('project', '1', {})).rejects.toMatchObject({
    kind: 'retry',
    status: 0,
    code: 'offline',
  })
})
