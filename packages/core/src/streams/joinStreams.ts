import { checkQuery } from '../query/checkQuery.js'
import type { Query } from '../query/query.js'
import type { Join, JoinedView } from './joinedView.js'
import { Stream } from './stream.js'
import { followPool, type Pools } from './tableStreams.js'

/** The results of a join for the rows of a query; `filter` and the query's limit apply to the results. */
export function joinedStream(
  pools: Pools,
  join: Join,
  { limit = Infinity, ...query }: Query,
  filter: ((result: unknown) => boolean) | undefined,
): Stream<readonly unknown[]> {
  checkQuery(join.table, query)
  let seen: readonly unknown[] | undefined
  let chosen: readonly unknown[] | undefined
  const choose = (results: readonly unknown[] | undefined): readonly unknown[] | undefined => {
    if (results !== seen)
      chosen = filter || limit < Infinity ? results?.filter(filter ?? (() => true)).slice(0, limit) : results
    seen = results
    return chosen
  }
  return followJoin(pools, join, query, (view) => choose(view.current))
}

/** The result for one row; `null` when the row is not there. */
export const joinedRowStream = (pools: Pools, join: Join, query: Query): Stream<unknown> =>
  followJoin<unknown>(pools, join, query, ({ current }) => current && (current[0] ?? null))

const followJoin = <T>(
  pools: Pools,
  join: Join,
  query: Query,
  value: (view: JoinedView) => T | undefined,
): Stream<T> =>
  new Stream(
    followPool(
      pools,
      (pool) => pool.peekJoined(join, query),
      (pool) => pool.acquireJoined(join, query),
      value,
    ),
  )
