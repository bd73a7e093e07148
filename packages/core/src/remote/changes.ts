import type { Columns } from '../base/json.js'
import { getKey, keyColumns, keyId } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { ChannelTable, RemoteEvent } from './remote.js'

/** What a Realtime channel is asked for: the changes of one table. */
export interface Binding {
  readonly event: '*' | 'DELETE'
  readonly schema: string
  readonly table: string
  readonly filter?: string
}

/** A change as supabase-js tells it. */
export interface RowChange {
  readonly eventType: string
  readonly new: Columns
  readonly old: Columns
  readonly errors?: unknown
}

/** What of a table its bindings depend on. */
export interface BoundTable extends Pick<ChannelTable, 'owner'> {
  readonly table: Pick<Table, 'name' | 'key' | 'owner'>
}

/** The bindings that tell of all changes of a table that concern its owner. */
export function bindingsOf({ table, owner }: BoundTable, schema: string): Binding[] {
  const all: Binding = { event: '*', schema, table: table.name }
  if (owner === undefined || table.owner === undefined) return [all]
  const own: Binding = { ...all, filter: `${table.owner}=eq.${filterValue(owner)}` }
  // A delete tells the key alone: a filter on any other column would hide every one of them.
  return table.key.includes(table.owner) ? [own] : [own, { ...all, event: 'DELETE' }]
}

/** Commas and brackets are grammar in a filter, unless they stand in quotes. */
const filterValue = (value: string): string =>
  /^[\w-]+$/.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`

/**
 * What a change means; `undefined` when its row was withheld (too large, not readable), so that it only says that something
 * has changed.
 */
export function eventsOf(
  table: Table,
  { eventType, new: row, old, errors }: RowChange,
): RemoteEvent[] | undefined {
  if (Array.isArray(errors) && errors.length > 0) return undefined
  const before = getKey(table.key, old)
  const gone = before === undefined ? [] : [deletion(table, before)]
  if (eventType === 'DELETE') return before === undefined ? undefined : gone
  const key = getKey(table.key, row)
  if (key === undefined) return undefined
  const moved = before !== undefined && keyId(before) !== keyId(key)
  return [...(moved ? gone : []), { type: 'write', table: table.name, row }]
}

/** Only the key: whatever else comes with a delete has not passed the policies. */
const deletion = (table: Table, key: Parameters<typeof keyId>[0]): RemoteEvent => ({
  type: 'delete',
  table: table.name,
  key: keyColumns(table.key, key),
})
