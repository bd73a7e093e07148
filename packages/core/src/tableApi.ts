import type { Query } from './query/query.js'
import type { AnyTable } from './schema/defineSchema.js'
import type { Table } from './schema/table.js'
import type { Session } from './session.js'
import type { RowState } from './store/overlay.js'
import type { Stream } from './streams/stream.js'
import { countStream, rowsStream, rowStream, type Pools } from './streams/tableStreams.js'

type TypesOf<T extends AnyTable> = NonNullable<T['types']>

/** A row as an app sees it: its columns, and whether it is pending or in error. */
export type Visible<Row extends object> = Readonly<Row> & RowState

/** The writes of one table. */
export interface TableWriter<T extends AnyTable> {
  /** The row as this group sees it; `null`: it is not there. */
  readonly get: (key: TypesOf<T>['key']) => Promise<Visible<TypesOf<T>['row']> | null>
  readonly insert: (row: TypesOf<T>['insert']) => Promise<TypesOf<T>['row']>
  readonly update: (key: TypesOf<T>['key'], patch: Partial<TypesOf<T>['row']>) => Promise<TypesOf<T>['row']>
  readonly upsert: (row: TypesOf<T>['insert']) => Promise<TypesOf<T>['row']>
  readonly delete: (key: TypesOf<T>['key']) => Promise<void>
}

/**
 * One table of the local database. Reads never wait for the network (R1). Writes are checked, then visible when the call
 * returns; their promises resolve when they are durable, and reject, having changed nothing, with a `ValidationError`, a
 * `GuardError`, a `StorageError` or a `TidemarkError`.
 */
export interface TableApi<T extends AnyTable> extends TableWriter<T> {
  /** The rows of a query, kept current. */
  readonly rows$: (query?: Query<TypesOf<T>['row']>) => Stream<readonly Visible<TypesOf<T>['row']>[]>
  /** One row, kept current; `null` when it is not there. */
  readonly row$: (key: TypesOf<T>['key']) => Stream<Visible<TypesOf<T>['row']> | null>
  /** How many rows a query has, kept current. */
  readonly count$: (query?: Query<TypesOf<T>['row']>) => Stream<number>
}

export const tableApi = (table: Table, pools: Pools, session: () => Session): TableApi<Table> => ({
  rows$: (query = {}) => rowsStream(pools, table, query),
  row$: (key) => rowStream(pools, table, key),
  count$: (query = {}) => countStream(pools, table, query),
  ...tableWriter(table, () => session().writer),
})

/** What carries writes out: one by one, or as a group. */
type Writes = {
  readonly [N in keyof TableWriter<Table>]: (
    table: Table,
    ...args: Parameters<TableWriter<Table>[N]>
  ) => ReturnType<TableWriter<Table>[N]>
}

/** Each is async, so that a write before `start` rejects instead of throwing. */
export const tableWriter = (table: Table, to: () => Writes): TableWriter<Table> => ({
  get: async (key) => to().get(table, key),
  insert: async (row) => to().insert(table, row),
  update: async (key, patch) => to().update(table, key, patch),
  upsert: async (row) => to().upsert(table, row),
  delete: async (key) => to().delete(table, key),
})
