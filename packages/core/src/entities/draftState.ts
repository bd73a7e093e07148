import { changedColumns, omit, sameValue, type Columns } from '../base/json.js'
import { isOlder } from '../base/version.js'
import { generatedOf, type EntityType } from './entityType.js'
import { currentOf, type DraftRecord } from './draftRecord.js'
import type { CachedRecord } from './origin.js'

/** Somebody else has changed what is being edited. */
export interface DraftConflict<Row = Columns> {
  /** What the edit was begun on. */
  readonly base: Row
  readonly mine: Row
  /** What the server has now; `null` when it is gone. */
  readonly theirs: Row | null
  /** The columns that both have changed, to different values. Without any, both changes go together. */
  readonly fields: readonly (keyof Row & string)[]
}

/** An edit that has not been saved. */
export interface Editing<Row = Columns> {
  readonly original: Row
  readonly current: Row
  /** What differs from the original, by value. */
  readonly changes: Partial<Row>
  readonly hasChanges: boolean
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** False while it would not survive the closing of the page: being stored, or not storable. */
  readonly durable: boolean
  /** Columns that this tab has set and another tab has set to something else since: the last writer wins. */
  readonly overwritten: readonly (keyof Row & string)[]
}

export type DraftState<Row = Columns> =
  /** It is not known yet whether there is a draft. */
  | { readonly name: 'loading' }
  | { readonly name: 'none' }
  | (Editing<Row> & { readonly name: 'editing' | 'saving' })
  | (Editing<Row> & { readonly name: 'conflict'; readonly conflict: DraftConflict<Row> })

/** What the server has of the entity that is edited. */
export interface ServerSide {
  readonly type: EntityType
  /** The client's row; `undefined` while it is not known. */
  readonly row: Columns | undefined
  readonly record: CachedRecord | undefined
}

/** A draft on what the server has now: without changes it has nothing to keep of what it was begun on. */
export function onServer(draft: DraftRecord, { row, record }: ServerSide): DraftRecord {
  if (!row || record?.removed || Object.keys(draft.changes).length > 0 || isOlder(row, draft.original))
    return draft
  return sameValue(row, draft.original) ? draft : { ...draft, original: row, tag: record?.tag }
}

/**
 * What a page shows of a draft.
 *
 * @param set what this tab has set, where another tab was the last to write
 */
export function editingOf(draft: DraftRecord, durable: boolean, set: Columns): Editing {
  const { original, changes, undo, redo } = draft
  const current = currentOf(draft)
  return {
    original,
    current,
    changes,
    hasChanges: Object.keys(changes).length > 0,
    canUndo: undo.length > 0,
    canRedo: redo.length > 0,
    durable,
    overwritten: Object.keys(changedColumns(current, set)),
  }
}

/** The conflict between a draft and what the server has now; `undefined` when there is none. */
export function conflictOf(draft: DraftRecord, server: ServerSide): DraftConflict | undefined {
  const changed = Object.keys(draft.changes)
  if (changed.length === 0 || !server.record) return undefined
  const [base, mine] = [draft.original, currentOf(draft)]
  if (server.record.removed) return { base, mine, theirs: null, fields: changed }
  const { row } = server
  if (!row || isOlder(row, base)) return undefined
  const theirs = omit(changedColumns(base, row), generatedOf(server.type))
  if (Object.keys(theirs).length === 0) return undefined
  const fields = changed.filter((name) => name in theirs && !sameValue(theirs[name], mine[name]))
  return { base, mine, theirs: row, fields }
}

/** What of a draft goes on when the user has decided: all of it, only what nobody else has touched, or with other values. */
export function resolved(
  draft: DraftRecord,
  conflict: DraftConflict,
  choice: 'mine' | 'theirs' | Columns,
): Columns {
  if (choice === 'mine') return draft.changes
  return choice === 'theirs' ? omit(draft.changes, conflict.fields) : { ...draft.changes, ...choice }
}
