import type { Query, QueryClient, QueryKey } from '@tanstack/query-core'

/** A query by its key. It is found by its hash: the cache's own search looks at every query. */
export const findQuery = (client: QueryClient, queryKey: QueryKey): Query | undefined =>
  client.getQueryCache().get(client.defaultQueryOptions({ queryKey }).queryHash)
