import type { BehaviorSubject } from 'rxjs'
import type { Columns } from '../base/json.js'
import type { Stop } from '../base/ports.js'
import type { Query } from '../query/query.js'
import { checkQuery } from '../query/checkQuery.js'
import { keyColumns, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { Stream, type Source } from './stream.js'
import type { View } from './view.js'
import type { ViewPool } from './viewPool.js'

/** The views of whoever is signed in now; streams follow from one user to the next and show nothing in between (R7). */
export type Pools = BehaviorSubject<ViewPool | undefined>

/** The rows of a query. */
export const rowsStream = (pools: Pools, table: Table, query: Query): Stream<readonly Columns[]> =>
  viewStream(pools, table, query, (view) => view.current)

/** One row by its key; `null` when there is none. */
export function rowStream(pools: Pools, table: Table, key: Key): Stream<Columns | null> {
  const query: Query = { where: keyColumns(table.key, key) }
  return viewStream(pools, table, query, (view) => view.current && (view.current[0] ?? null))
}

/** How many rows a query has, whatever its limit. */
export const countStream = (pools: Pools, table: Table, query: Query): Stream<number> =>
  viewStream(pools, table, query, (view) => view.size)

function viewStream<T>(
  pools: Pools,
  table: Table,
  query: Query,
  value: (view: View) => T | undefined,
): Stream<T> {
  checkQuery(table, query)
  return new Stream(
    followPool(
      pools,
      (pool) => pool.peek(table, query),
      (pool) => pool.acquire(table, query),
      value,
    ),
  )
}

interface Ready {
  readonly ready: Promise<void>
  watch(changed: () => void): Stop
}

/** A source that opens its view anew for each user who signs in. */
export function followPool<V extends Ready, T>(
  pools: Pools,
  peek: (pool: ViewPool) => V | undefined,
  acquire: (pool: ViewPool) => { view: V; release: Stop },
  value: (view: V) => T | undefined,
): Source<T> {
  return {
    peek: () => {
      const view = pools.value && peek(pools.value)
      return view && value(view)
    },
    watch: (changed, failed) => {
      let leave: Stop | undefined
      const subscription = pools.subscribe((pool) => {
        leave?.()
        leave = pool && enter(acquire(pool), changed, failed)
        changed()
      })
      return () => {
        subscription.unsubscribe()
        leave?.()
      }
    },
  }
}

function enter(
  held: { view: Ready; release: Stop },
  changed: () => void,
  failed: (error: unknown) => void,
): Stop {
  const stop = held.view.watch(changed)
  held.view.ready.catch(failed)
  return () => {
    stop()
    held.release()
  }
}
