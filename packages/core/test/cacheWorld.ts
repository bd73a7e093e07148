import { QueryClient, QueryObserver, type QueryKey } from '@tanstack/query-core'
import { onTestFinished } from 'vitest'
import type { FeedEvent } from '../src/feeds/event.js'
import { Handler } from '../src/invalidation/handler.js'

/** A query that somebody looks at; its answers are given by hand. */
export interface Shown {
  fetches: number
  /** Answers the fetch that has waited longest. */
  readonly answer: (data: unknown) => Promise<void>
  readonly fail: (error: unknown) => Promise<void>
  /** No one looks any more. */
  readonly hide: () => void
}

export const event = (more: Partial<FeedEvent> = {}): FeedEvent => ({
  type: 'wo',
  id: '1',
  factoryId: 'f1',
  action: 'update',
  ...more,
})

/** A cache with a handler, until the test is finished. */
export function makeCache(client = makeClient()) {
  const handler = new Handler(client)
  onTestFinished(() => handler.stop())
  return {
    client,
    handler,
    handle: (...events: Partial<FeedEvent>[]) => handler.handle(events.map(event), 'f1'),
    show: (queryKey: QueryKey, data?: unknown) => show(client, queryKey, data),
    stateOf: (queryKey: QueryKey) => client.getQueryState(queryKey),
  }
}

export function makeClient(): QueryClient {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  onTestFinished(() => client.clear())
  return client
}

/** Shows a query; with `data` it has been fetched already. */
export function show(client: QueryClient, queryKey: QueryKey, data?: unknown): Shown {
  if (data !== undefined) client.setQueryData(queryKey, data)
  const pending: { resolve: (data: unknown) => void; reject: (error: unknown) => void }[] = []
  const answered = () => new Promise<void>((resolve) => setTimeout(resolve))
  const counted = { fetches: 0 }
  const queryFn = () => {
    counted.fetches += 1
    return new Promise<unknown>((resolve, reject) => pending.push({ resolve, reject }))
  }
  const hide = new QueryObserver<unknown>(client, { queryKey, queryFn }).subscribe(() => undefined)
  onTestFinished(hide)
  return Object.assign(counted, {
    answer: (value: unknown) => (pending.shift()?.resolve(value), answered()),
    fail: (error: unknown) => (pending.shift()?.reject(error), answered()),
    hide,
  })
}
