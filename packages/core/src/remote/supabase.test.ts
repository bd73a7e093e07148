import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { defineTable } from '../schema/defineTable.js'
import { RemoteError } from './errors.js'
import { supabaseTransport } from './supabase.js'

const notes = defineTable({ name: 'notes', key: 'id', row: z.object({ id: z.string(), rank: z.number() }) })
const marks = defineTable({ name: 'marks', key: ['a', 'b'], row: z.object({ a: z.string(), b: z.number() }) })
const page = { table: notes, order: [['rank', 'asc']], limit: 10 } as const

interface GenericOf<Tables> {
  Tables: { [Name in keyof Tables]: Tables[Name] & { Relationships: [] } }
  Views: Record<string, never>
  Functions: Record<string, never>
}

interface Sent {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: unknown
}
type Handler = (sent: Sent, signal: AbortSignal | null | undefined) => Response | Promise<Response>

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers })
const session = (user: string, token: string, expiresIn = 3_600) => ({
  access_token: token,
  refresh_token: `refresh-${token}`,
  token_type: 'bearer',
  expires_in: expiresIn,
  expires_at: Math.floor(Date.now() / 1_000) + expiresIn,
  user: { id: user, aud: 'authenticated', app_metadata: {}, user_metadata: {}, created_at: '' },
})

const running: SupabaseClient[] = []
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  for (const client of running.splice(0)) await client.auth.stopAutoRefresh()
})

/** A project behind a network that the test plays; the client of supabase-js is the real one. */
function project(answer: Handler, { signedIn = session('u1', 'token-1') as unknown, timeout = 5_000 } = {}) {
  const sent: Sent[] = []
  const stored = new Map<string, string>()
  const store = (value: unknown): void => void stored.set('auth', JSON.stringify(value))
  if (signedIn) store(signedIn)
  const client = createClient('https://project.test/base', 'anon-key', {
    auth: {
      storageKey: 'auth',
      autoRefreshToken: false,
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => void stored.set(key, value),
        removeItem: (key) => void stored.delete(key),
      },
    },
    global: {
      fetch: async (input, init) => {
        const request: Sent = {
          url: new URL(String(input)),
          method: init?.method ?? 'GET',
          headers: new Headers(init?.headers),
          body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
        }
        sent.push(request)
        return answer(request, init?.signal)
      },
    },
  })
  running.push(client)
  return { client, remote: supabaseTransport(client, { timeout }), sent, store }
}

/** supabase-js warns of a session that it could not renew; that is what these tests are about. */
const quiet = (): void => void vi.spyOn(console, 'warn').mockImplementation(() => undefined)

const failureOf = async (work: Promise<unknown>): Promise<RemoteError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RemoteError)
  return error as RemoteError
}
/** A server of auth that gives its errors codes. */
const named = { 'x-supabase-api-version': '2024-01-01' }
const networkDown: Handler = () => Promise.reject(new TypeError('fetch failed'))
const isRefresh = ({ url }: Sent): boolean => url.searchParams.get('grant_type') === 'refresh_token'

describe('requests', () => {
  test('a page is asked for in the user’s name, by filter, position, order and limit', async () => {
    const { remote, sent } = project(() => json([{ id: 'a', rank: 1 }]))
    const where = { rank: { gte: 1 } }
    const rows = await remote.select({ ...page, columns: ['id', 'rank'], where, after: { rank: 7 } })
    expect(rows).toEqual([{ id: 'a', rank: 1 }])
    const [{ url, method, headers } = {} as Sent] = sent
    expect(method).toBe('GET')
    expect(url.pathname).toBe('/base/rest/v1/notes')
    expect(headers.get('authorization')).toBe('Bearer token-1')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      select: 'id,rank',
      order: 'rank.asc',
      limit: '10',
    })
    expect(url.searchParams.getAll('or')).toEqual(['(rank.gte."1")', '(rank.gt."7")'])
  })

  test('inserts go in one request, and columns that a row leaves out get their defaults', async () => {
    const { remote, sent } = project(({ body }) => json(body, 201))
    const rows = [{ id: 'a' }, { id: 'b', rank: 2 }]
    expect(await remote.insert(notes, rows)).toEqual(rows)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ method: 'POST', body: rows })
    expect(sent[0]?.url.searchParams.get('columns')).toBe('"id","rank"')
    expect(sent[0]?.headers.get('prefer')).toContain('missing=default')
    expect(sent[0]?.headers.get('prefer')).toContain('return=representation')
  })

  test('updates and deletes name their rows by key, a compound one by all of its columns', async () => {
    const { remote, sent } = project(() => json([]))
    await remote.update(notes, ['a', 'b,"c"'], { rank: 3 })
    await remote.remove(marks, [
      ['x', 1],
      ['y', 2],
    ])
    expect(sent.map(({ method, url }) => [method, url.searchParams.get('or')])).toEqual([
      ['PATCH', '(id.in.("a","b,\\"c\\""))'],
      ['DELETE', '(or(and(a.eq."x",b.eq."1"),and(a.eq."y",b.eq."2")))'],
    ])
    expect(sent[0]?.body).toEqual({ rank: 3 })
  })

  test('no keys mean no rows, never all rows', async () => {
    const { remote, sent } = project(() => json([]))
    await remote.remove(notes, [])
    await remote.remove(marks, [])
    expect(sent.map(({ url }) => url.searchParams.get('or'))).toEqual(['(id.is.null)', '(a.is.null)'])
  })

  test('a client with types and a schema of its own is taken too', () => {
    type Public = GenericOf<{
      notes: { Row: { id: string }; Insert: { id: string }; Update: { id?: string } }
    }>
    const options = { db: { schema: 'app' } } as const
    const client = createClient<{ public: Public; app: Public }, 'app'>('https://a.test', 'key', options)
    expect(supabaseTransport(client).id).toBe('https://a.test')
  })

  test('the project is named by its address, without keys, or as the app says', () => {
    const { client, remote } = project(networkDown)
    expect(remote.id).toBe('https://project.test/base')
    expect(supabaseTransport(client, { id: 'mine' }).id).toBe('mine')
  })
})

describe('failures', () => {
  test('a server that is gone is told at once: nothing is tried twice behind the core’s back', async () => {
    const { remote, sent } = project(networkDown)
    const started = Date.now()
    const error = await failureOf(remote.select(page))
    expect(error).toMatchObject({ kind: 'retry', status: 0, code: 'offline' })
    expect(Date.now() - started).toBeLessThan(1_000)
    expect(sent).toHaveLength(1)
  })

  test('a busy server says how long to wait, and is not asked again before', async () => {
    const busy = { code: 'PGRST002', message: 'no schema yet' }
    const { remote, sent } = project(() => json(busy, 503, { 'retry-after': '7' }))
    const error = await failureOf(remote.select(page))
    expect(error).toMatchObject({ kind: 'retry', serverCode: 'PGRST002', retryAfter: 7_000 })
    expect(sent).toHaveLength(1)
  })

  test('a refusal keeps the words and the code of the database', async () => {
    const { remote } = project(() => json({ code: '23514', message: 'violates check constraint' }, 400))
    const error = await failureOf(remote.insert(notes, [{ id: 'a' }]))
    expect(error).toMatchObject({ kind: 'refused', status: 400, serverCode: '23514' })
    expect(error.message).toBe('violates check constraint')
  })

  test.each([
    ['a sign-in page of the network', () => new Response('<html>Welcome</html>', { status: 200 }), 200],
    ['a success without rows', () => new Response(null, { status: 204 }), 204],
    ['a gateway’s empty 404', () => new Response('', { status: 404 }), 204],
    ['an error page', () => new Response(`<html>${'x'.repeat(9_000)}`, { status: 502 }), 502],
    ['an error that says null', () => json(null, 500), 500],
    ['an error that says a word', () => json('oops', 500), 500],
  ])('%s is not an answer of the database, and is asked for again', async (_what, respond, status) => {
    const { remote } = project(respond)
    const error = await failureOf(remote.insert(notes, [{ id: 'a' }]))
    expect(error).toMatchObject({ kind: 'retry', status })
    expect(error.message.length).toBeGreaterThan(0)
    expect(error.message.length).toBeLessThanOrEqual(500)
  })

  test('a request that is too large asks for less', async () => {
    const { remote } = project(() => new Response('Payload Too Large', { status: 413 }))
    const error = await failureOf(remote.insert(notes, [{ id: 'a' }]))
    expect(error).toMatchObject({ kind: 'retry', tooLarge: true })
  })

  test('a server that does not answer is given up, and the request with it', async () => {
    let aborted = false
    const silent: Handler = (_sent, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          aborted = true
          reject(new DOMException('aborted', 'AbortError'))
        })
      })
    const { remote } = project(silent, { timeout: 50 })
    expect(await failureOf(remote.select(page))).toMatchObject({ kind: 'retry', status: 0 })
    expect(aborted).toBe(true)
  })
})

describe('sessions', () => {
  test('R8: an expired token asks for a sign-in', async () => {
    const { remote } = project(() => json({ code: 'PGRST303', message: 'JWT expired' }, 401))
    expect(await failureOf(remote.select(page))).toMatchObject({ kind: 'sign-in', status: 401 })
  })

  test('nothing is asked when no one is signed in: nobody’s answer would be no rows', async () => {
    const { remote, sent } = project(() => json([]), { signedIn: null })
    expect(await failureOf(remote.select(page))).toMatchObject({ kind: 'sign-in' })
    expect(sent).toEqual([])
  })

  test('R6: a session that cannot be renewed now is no reason to ask as nobody', async () => {
    const { remote, sent } = project(networkDown, { signedIn: session('u1', 'old', -10), timeout: 100 })
    expect(await failureOf(remote.select(page))).toMatchObject({ kind: 'retry', status: 0 })
    expect(sent.filter((request) => !isRefresh(request))).toEqual([])
  })

  test('R8: a session that cannot be renewed now is no session that has ended', async () => {
    vi.useFakeTimers()
    quiet()
    const { remote, sent } = project(networkDown, { signedIn: session('u1', 'old', -10) })
    const error = failureOf(remote.select(page))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await error).toMatchObject({ kind: 'retry', status: 0 })
    expect(sent.filter((request) => !isRefresh(request))).toEqual([])
  })

  test('R7: nothing is asked in the name of a user who has signed in elsewhere', async () => {
    const { remote, sent, store } = project(() => json([]))
    const users: (string | undefined)[] = []
    const subscription = remote.session$.subscribe((user) => users.push(user))
    await vi.waitFor(() => expect(users).toEqual(['u1']))
    store(session('u2', 'token-2'))
    expect(await failureOf(remote.select(page))).toMatchObject({ kind: 'sign-in' })
    expect(sent).toEqual([])
    subscription.unsubscribe()
  })

  test('a refresh tells of the same user again, and what is sent then carries the new token', async () => {
    const { remote, sent } = project((request) =>
      isRefresh(request) ? json(session('u1', 'token-2')) : json([]),
    )
    const users: (string | undefined)[] = []
    remote.session$.subscribe((user) => users.push(user))
    await vi.waitFor(() => expect(users).toEqual(['u1']))
    expect(await remote.refresh()).toBe(true)
    expect(users).toEqual(['u1', 'u1'])
    await remote.select(page)
    expect(sent.at(-1)?.headers.get('authorization')).toBe('Bearer token-2')
  })

  test('refreshes at the same time are one request', async () => {
    const { remote, sent } = project(() => json(session('u1', 'token-2')))
    expect(await Promise.all([remote.refresh(), remote.refresh(), remote.refresh()])).toEqual([
      true,
      true,
      true,
    ])
    expect(sent.filter(isRefresh)).toHaveLength(1)
  })

  test('a refresh that the server refuses means that the user must sign in', async () => {
    quiet()
    const gone = { code: 'refresh_token_not_found', message: 'Invalid Refresh Token' }
    const { remote } = project(() => json(gone, 400, named), { signedIn: session('u1', 'old', -10) })
    const users: (string | undefined)[] = []
    remote.session$.subscribe((user) => users.push(user))
    expect(await remote.refresh()).toBe(false)
    await vi.waitFor(() => expect(users).toEqual([undefined]))
  })

  test('a refresh that another tab was quicker with is a refresh', async () => {
    const used = { code: 'refresh_token_already_used', message: 'Invalid Refresh Token: Already Used' }
    const quicker: { store: (value: unknown) => void } = { store: () => undefined }
    const { remote, store } = project((request) => {
      if (isRefresh(request)) quicker.store(session('u1', 'token-2'))
      return json(used, 400, named)
    })
    quicker.store = store
    expect(await remote.refresh()).toBe(true)
  })

  test('a refresh of no session is no session', async () => {
    const { remote } = project(networkDown, { signedIn: null })
    expect(await remote.refresh()).toBe(false)
  })

  test('R8: a refresh that does not reach the server is tried later, and the user stays who it is', async () => {
    quiet()
    vi.useFakeTimers()
    const { remote } = project(networkDown, { signedIn: session('u1', 'old', -10) })
    const users: (string | undefined)[] = []
    remote.session$.subscribe((user) => users.push(user))
    const error = failureOf(remote.refresh())
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await error).toMatchObject({ kind: 'retry' })
    expect(users).toEqual([])
  })

  test('signed out, it says so', async () => {
    const { client, remote } = project(() => new Response(null, { status: 204 }))
    const users: (string | undefined)[] = []
    remote.session$.subscribe((user) => users.push(user))
    await vi.waitFor(() => expect(users).toEqual(['u1']))
    await client.auth.signOut()
    expect(users).toEqual(['u1', undefined])
  })
})
