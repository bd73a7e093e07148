import { changedColumns, type Columns } from '../base/json.js'
import type { RowChange } from '../remote/changes.js'
import type { FeedChannel } from './channelName.js'
import type { FeedAction, FeedEvent } from './event.js'

/** Where the documents of a type lie. */
export interface FeedTable {
  /** The table, in the schema of the client. */
  readonly table: string
  /** The column with the document's id. Default: `id`. */
  readonly id?: string
  /** The column with the scope; left out where row level security alone decides. */
  readonly factoryId?: string
  /** The column with a number that grows with each change of the row. Default: `version`, where there is one. */
  readonly version?: string
}

export interface TypedTable extends FeedTable {
  readonly type: string
}

/** A change of a row, as Realtime tells it. */
export interface ToldChange extends RowChange {
  readonly commit_timestamp?: string
}

const actions: Readonly<Record<string, FeedAction>> = { INSERT: 'create', UPDATE: 'update', DELETE: 'delete' }

/**
 * A change of a row as an event; `undefined` when it does not say of which row. `changedKeys` and `patch` are there when the whole
 * old row was told: with `replica identity full`, and without row level security.
 *
 * @param heardOn the channel, whose scope counts where the row does not tell its own, as a deleted one
 */
export function rowEvent(change: ToldChange, table: TypedTable, heardOn: FeedChannel): FeedEvent | undefined {
  const action = actions[change.eventType]
  const row = change.eventType === 'DELETE' ? change.old : change.new
  const id = textOf(row[table.id ?? 'id'])
  if (action === undefined || id === undefined || withheld(change)) return undefined
  const factoryId = textOf(row[table.factoryId ?? '']) ?? heardOn.factoryId
  const version = row[table.version ?? 'version']
  return { type: table.type, id, factoryId, action, ...more(change, version) }
}

/** What is not told of every row. */
const more = (change: ToldChange, version: unknown): Partial<FeedEvent> => ({
  ...(typeof version === 'number' && { version }),
  ...(change.commit_timestamp !== undefined && { ts: change.commit_timestamp }),
  ...(change.eventType === 'UPDATE' && tellsAll(change) && changesOf(change)),
})

const withheld = ({ errors }: ToldChange): boolean => Array.isArray(errors) && errors.length > 0

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

const tellsAll = (change: ToldChange): boolean =>
  Object.keys(change.new).every((column) => Object.hasOwn(change.old, column))

function changesOf(change: ToldChange): Pick<FeedEvent, 'changedKeys' | 'patch'> {
  const patch = changedColumns(change.old, change.new)
  return { changedKeys: Object.keys(patch), patch }
}

/** What `realtime.broadcast_changes` sends: a change of a row; `undefined` for every other message. */
export function broadcastChange(message: unknown): (ToldChange & { readonly table: string }) | undefined {
  const { operation, table, record, old_record } = (message ?? {}) as Columns
  if (typeof operation !== 'string' || typeof table !== 'string') return undefined
  return { eventType: operation, table, new: columnsOf(record), old: columnsOf(old_record) }
}

const columnsOf = (record: unknown): Columns => (record ?? {}) as Columns
