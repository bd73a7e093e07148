import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { makeCache, makeClient, show } from '../../test/cacheWorld.js'
import { dropMissing, retryQuery, signIn$, statusOf } from './failures.js'
import { keyDoc, keyListHeads } from './keys.js'

test.each([
  [{ status: 503 }, 503],
  [{ code: 'PGRST116' }, 404],
  [{ code: 'PGRST303' }, 401],
  [{ code: '42501' }, 0],
  [new TypeError('fetch failed'), 0],
  [undefined, 0],
  ['text', 0],
])('the status of %o is %i', (error, status) => {
  expect(statusOf(error)).toBe(status)
})

/** Fetches a query that fails each time with the same, with timers that pass at once. */
async function fetchesUntilFailed(error: unknown): Promise<number> {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const queryFn = vi.fn(() => Promise.reject(error))
  const client = new QueryClient({ defaultOptions: { queries: { retry: retryQuery } } })
  const failed = client.fetchQuery({ queryKey: ['any'], queryFn, retry: retryQuery }).catch(() => undefined)
  await vi.advanceTimersByTimeAsync(60_000)
  await failed
  client.clear()
  return queryFn.mock.calls.length
}

test.each([401, 403, 404, 422])('a fetch that fails with %i is not tried again', async (status) => {
  expect(await fetchesUntilFailed({ status })).toBe(1)
})

test.each([0, 429, 500, 503])('a fetch that fails with %i is tried three times more', async (status) => {
  expect(await fetchesUntilFailed({ status })).toBe(4)
})

test('a refusal of Postgres is not tried again, a deadlock is', async () => {
  expect(await fetchesUntilFailed({ code: '42501' })).toBe(1)
  expect(await fetchesUntilFailed({ code: '40P01' })).toBe(4)
})

test('an expired session is told each time, other failures are not', async () => {
  const client = makeClient()
  let told = 0
  const subscription = signIn$(client).subscribe(() => (told += 1))
  await show(client, keyDoc('wo', '1')).fail({ status: 401 })
  await show(client, keyDoc('wo', '2')).fail({ status: 500 })
  expect(told).toBe(1)
  subscription.unsubscribe()
  await show(client, keyDoc('wo', '3')).fail({ code: 'PGRST303' })
  expect(told).toBe(1)
})

test('a document that the server no longer has after an update leaves the cache; a list and other failures stay', async () => {
  const { client, handle, stateOf } = makeCache()
  onTestFinished(dropMissing(client))
  const keys = [keyDoc('wo', '1'), keyDoc('wo', '2'), keyListHeads('wo', 'f1')] as const
  const [gone, busy, list] = keys.map((key) => show(client, key, { title: 'Cached' }))
  const observed = new QueryObserver(client, { queryKey: keys[0] })
  onTestFinished(observed.subscribe(() => undefined))
  handle({ id: '1' }, { id: '2' }, { id: '3', action: 'create' })
  await gone?.fail({ status: 404 })
  await busy?.fail({ status: 503 })
  await list?.fail({ status: 404 })
  expect(keys.map((key) => stateOf(key)?.data)).toEqual([undefined, { title: 'Cached' }, { title: 'Cached' }])
  expect(observed.getCurrentResult()).toMatchObject({ status: 'error', data: undefined })
})
