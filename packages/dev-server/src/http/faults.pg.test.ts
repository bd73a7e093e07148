import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'

const [anna, ben] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('create table public.notes (id int primary key)')
})
afterEach(async () => {
  server.faults.clear()
  await server.sql('truncate notes')
})
afterAll(() => server.stop())

const insert = async (id: number, who: string = anna) =>
  (await server.client({ user: who })).from('notes').insert({ id })
const stored = async () => (await server.sql('select id from notes')).length

describe('faults', () => {
  it('lose an answer after the write was done', async () => {
    server.faults.set({ dropResponses: 1 })
    expect((await insert(1)).error?.message).toMatch(/fetch failed/)
    expect(await stored()).toBe(1)
  })

  it('lose a request before the write is done', async () => {
    server.faults.set({ dropRequests: 1 })
    expect((await insert(1)).error?.message).toMatch(/fetch failed/)
    expect(await stored()).toBe(0)
  })

  it('answer with errors, and as if the session had expired', async () => {
    server.faults.set({ errors: { status: 503, probability: 1 } })
    expect(await insert(1)).toMatchObject({ status: 503 })
    server.faults.set({ unauthorized: 1 })
    expect(await insert(1)).toMatchObject({
      status: 401,
      error: { code: 'PGRST303', message: 'JWT expired' },
    })
    expect(await stored()).toBe(0)
  })

  it('make answers wait', async () => {
    server.faults.set({ latency: [80, 90] })
    const begun = performance.now()
    await insert(1)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(79)
  })

  it('touch one user and not the other, and only the paths they are meant for', async () => {
    server.faults.set({ errors: { status: 500, probability: 1 }, user: anna })
    expect([(await insert(1)).status, (await insert(2, ben)).status]).toEqual([500, 201])
    server.faults.clear()
    server.faults.set({ errors: { status: 500, probability: 1 }, only: '^/auth/' })
    expect((await insert(3)).status).toBe(201)
  })

  it('are set, read and ended over HTTP, even while every request fails', async () => {
    const control = (method: string, path: string, body?: unknown, headers = {}) =>
      fetch(`${server.url}/__dev${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    expect((await control('POST', '/faults', { dropRequests: 1 })).status).toBe(200)
    expect((await insert(1)).status).toBe(0)
    expect(await (await control('GET', '/faults')).json()).toEqual({ dropRequests: 1 })
    expect((await control('POST', '/faults', { dropRequests: 7 })).status).toBe(400)
    expect((await control('POST', '/sockets/drop')).status).toBe(200)
    expect((await control('DELETE', '/faults', undefined, { Origin: 'https://example.com' })).status).toBe(
      403,
    )
    expect((await control('DELETE', '/faults', undefined, { Origin: 'http://127.0.0.1:5173' })).status).toBe(
      200,
    )
    expect((await insert(1)).status).toBe(201)
    expect((await control('GET', '/nothing')).status).toBe(404)
  })
})

describe('a browser', () => {
  it('is told that it may send and what it may read', async () => {
    const preflight = await fetch(`${server.url}/rest/v1/notes`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://127.0.0.1:5173',
        'Access-Control-Request-Method': 'PATCH',
        'Access-Control-Request-Headers': 'apikey,prefer',
      },
    })
    expect(preflight.status).toBe(200)
    expect(preflight.headers.get('access-control-allow-headers')).toBe('apikey,prefer')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH')
    const answer = await fetch(`${server.url}/rest/v1/notes`, { headers: { apikey: server.anonKey } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toContain('Content-Range')
  })
})

describe('a request', () => {
  it('with OPTIONS that is no preflight asks REST what may be done', async () => {
    const ask = (path: string) => fetch(`${server.url}/rest/v1${path}`, { method: 'OPTIONS' })
    const answer = await ask('/notes')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('allow')).toBe('OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE')
    expect(answer.headers.get('access-control-allow-methods')).toBeNull()
    expect((await ask('/nowhere')).status).toBe(404)
  })

  it('below no service is not found, and one that is too large is refused', async () => {
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404)
    const large = await fetch(`${server.url}/rest/v1/notes`, {
      method: 'POST',
      headers: { apikey: server.anonKey },
      body: Buffer.alloc(51 * 1024 * 1024, ' '),
    })
    expect(large.status).toBe(413)
  })
})
