import type { Query } from './query/query.js'
import type { AnyTable } from './schema/defineSchema.js'
import { keyColumns, type Key } from './schema/key.js'
import type { RowOf, Table } from './schema/table.js'
import type { Join, JoinStep } from './streams/joinedView.js'
import { joinedRowStream, joinedStream } from './streams/joinStreams.js'
import type { Stream } from './streams/stream.js'
import type { Pools } from './streams/tableStreams.js'
import type { Visible } from './tableApi.js'

type TypesOf<T extends AnyTable> = NonNullable<T['types']>

/** A declared join: `Result` for each row of `T`. Give it to `tide.view`. */
export interface JoinDefinition<T extends AnyTable, Result> {
  readonly join: Join
  readonly types?: { readonly table: T; readonly result: Result }
}

type Context = { readonly userId: string }
type KeyFor<J extends AnyTable> = TypesOf<J>['key'] | null | undefined

/** Builds a join step by step. Each step sees the rows that were joined before it. */
export interface JoinBuilder<T extends AnyTable, Parts extends object> {
  /** Joins at most one row of another table, found by its key. */
  with<const Name extends string, J extends AnyTable>(
    name: Name,
    table: J,
    key: (row: Visible<RowOf<T> & object>, joined: Parts & Context) => KeyFor<J>,
  ): JoinBuilder<T, Parts & { readonly [N in Name]: Visible<RowOf<J> & object> | null }>
  /** What is made of a row and what was joined to it. Made again only when one of them changes. */
  select<Result>(
    make: (row: Visible<RowOf<T> & object>, joined: Parts & Context) => Result,
  ): JoinDefinition<T, Result>
}

/**
 * Begins a join over the rows of a table.
 *
 * @example
 * const agenda = view(events)
 *   .with('personal', details, (event, { userId }) => [event.id, userId] as const)
 *   .with('calendar', calendars, (_, { personal }) => personal?.calendar_id)
 *   .select((event, { calendar }) => ({ ...event, color: calendar?.color ?? 'blue' }))
 * tide.view(agenda).rows$({ orderBy: 'start_timestamp_ms' })
 */
export const view = <T extends AnyTable>(table: T): JoinBuilder<T, object> => builder<T, object>(table, [])

function builder<T extends AnyTable, Parts extends object>(
  table: T,
  steps: readonly JoinStep[],
): JoinBuilder<T, Parts> {
  return {
    with: (name, joined, key) =>
      builder(table, [
        ...steps,
        { name, table: joined as unknown as Table, key: key as unknown as JoinStep['key'] },
      ]),
    select: (make) => ({
      join: { table: table as unknown as Table, steps, select: make as unknown as Join['select'] },
    }),
  }
}

/** The streams of a join. */
export interface ViewApi<T extends AnyTable, Result> {
  /** The results for the rows of a query; `filter` chooses among the results before `limit` cuts them. */
  rows$(
    query?: Query<TypesOf<T>['row']> & { readonly filter?: (result: Result) => boolean },
  ): Stream<readonly Result[]>
  /** The result for one row; `null` when the row is not there. */
  row$(key: TypesOf<T>['key']): Stream<Result | null>
}

export function viewApi<T extends AnyTable, Result>(
  definition: JoinDefinition<T, Result>,
  pools: Pools,
): ViewApi<T, Result> {
  const { join } = definition
  const api = {
    rows$: ({ filter, ...query }: Query & { filter?: (result: unknown) => boolean } = {}) =>
      joinedStream(pools, join, query, filter),
    row$: (key: Key) => joinedRowStream(pools, join, { where: keyColumns(join.table.key, key) }),
  }
  return api as unknown as ViewApi<T, Result>
}
