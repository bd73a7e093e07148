import type { Columns } from '../../base/json.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import type { RemoteEvent } from '../../remote/remote.js'
import { getKey } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import { storePage } from './pull.js'
import { followScopes } from './scopes.js'

/** Stores what the channel told. What it told only in part is pulled. */
export async function hearEvents(context: ProtocolContext, events: readonly RemoteEvent[]): Promise<void> {
  for (const run of runs(events)) {
    const table = context.store.tables.get(run[0]?.table ?? '')
    if (table) await hearRun(context, table, run)
  }
}

async function hearRun(context: ProtocolContext, table: Table, run: readonly RemoteEvent[]): Promise<void> {
  const rows = run.flatMap((event) => (event.type === 'write' ? [event.row] : []))
  // Postgres leaves large unchanged values out of an event: such a row is only a hint.
  if (!rows.every((row) => isWhole(table, row))) return context.pullSoon(1)
  if (rows.length > 0) await storePage(context, table, rows)
  else await remove(context, table, run)
  await followScopes(
    context,
    table,
    run.map((event) => (event.type === 'write' ? event.row : event.key)),
  )
}

async function remove({ store }: ProtocolContext, table: Table, run: readonly RemoteEvent[]): Promise<void> {
  const keys = run.flatMap((event) => (event.type === 'delete' ? [getKey(table.key, event.key)] : []))
  await store.commit({ rows: [{ table, remove: keys.filter((key) => key !== undefined) }] })
}

const isWhole = (table: Table, row: Columns): boolean =>
  Object.keys(table.row._zod.def.shape).every((column) => column in row)

/** Neighbours of one table and one kind, so that they are stored together and in order. */
function runs(events: readonly RemoteEvent[]): RemoteEvent[][] {
  const all: RemoteEvent[][] = []
  for (const event of events) {
    const last = all.at(-1)
    if (last?.[0]?.table === event.table && last[0].type === event.type) last.push(event)
    else all.push([event])
  }
  return all
}
