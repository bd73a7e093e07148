import type { QueryClient, QueryFunctionContext, QueryKey } from '@tanstack/query-core'
import type { Stop } from '../base/ports.js'
import type { Stream } from '../streams/stream.js'
import { findQuery } from './findQuery.js'

/** The options of a query whose data is a stream's. */
export interface TableQueryOptions<T, K extends QueryKey> {
  readonly queryKey: K
  readonly queryFn: (context: QueryFunctionContext<K>) => Promise<T>
  readonly staleTime: 0
  readonly networkMode: 'always'
  readonly retry: false
  readonly structuralSharing: false
  readonly refetchOnWindowFocus: false
  readonly refetchOnReconnect: false
  readonly meta: { readonly persist: false }
}

/**
 * A stream as the options of a query, so that an app that uses TanStack Query adopts synced tables one by one. While somebody
 * observes the query, it follows the stream: each change sets its data, and rows that did not change keep their identity.
 *
 * @param stream the rows, the row or the count of a table
 * @example
 * useQuery(tableOptions(keyTable('calendars', userId), tide.tables.calendars.rows$({ orderBy: 'name' })))
 */
export const tableOptions = <T, const K extends QueryKey>(
  queryKey: K,
  stream: Stream<T>,
): TableQueryOptions<T, K> => ({
  queryKey,
  queryFn: async ({ client }) => {
    const value = await stream.ready
    follow(client, queryKey, stream)
    return stream.current ?? value
  },
  // Asking again is a look at memory, and how a query that nobody observed begins to follow.
  staleTime: 0,
  networkMode: 'always',
  retry: false,
  // The stream shares what did not change.
  structuralSharing: false,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  meta: { persist: false },
})

/** The queries that follow a stream now. */
const following = new WeakMap<object, Stop>()

/** Keeps a query's data equal to the stream's while it has observers. */
function follow(client: QueryClient, queryKey: QueryKey, stream: Stream<unknown>): void {
  const query = findQuery(client, queryKey)
  if (!query) return
  following.get(query)?.()
  if (query.getObserversCount() === 0) return
  const sync = (): void => {
    const { current } = stream
    // Nobody is signed in any more: nothing of it may be shown.
    if (current === undefined) query.reset()
    else if (current !== query.state.data) client.setQueryData(queryKey, current)
  }
  const unwatch = stream.watch(sync)
  const unsubscribe = client.getQueryCache().subscribe((event) => {
    if (event.query !== query) return
    // An answer may have been on its way while the stream changed.
    if (event.type === 'updated' && event.action.type === 'success') sync()
    if (event.type === 'removed' || query.getObserversCount() === 0) stop()
  })
  const stop = (): void => {
    unwatch()
    unsubscribe()
    following.delete(query)
  }
  following.set(query, stop)
}
