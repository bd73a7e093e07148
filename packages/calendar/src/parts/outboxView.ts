import type { Mutation, Parked } from '@tidemark/core'
import type { SyncMessages } from './messages/sync.js'
import type { Named } from './subjectRow.js'
import { clockText, countText, type SyncUi } from './syncUi.js'

/** A write that waits, in one line. */
export interface WaitingView {
  readonly id: string
  readonly text: string
  /** When it was written, as people read it. */
  readonly time: string
}

/** The text of a parked write that can be changed before it is sent again. */
export interface EditableText {
  readonly column: 'title' | 'name'
  readonly label: string
  readonly value: string
}

/** A refused write as its card shows it. */
export interface ParkedView extends WaitingView {
  readonly because: string
  /** The server's own words. */
  readonly details: string
  /** How many others wait for it; left out when none does. */
  readonly waiting: string | undefined
  readonly editable: EditableText | undefined
}

/**
 * A write that waits for the server: what it changes, and since when.
 *
 * @param row what it is about, as it is shown now: see `subjectRow`
 */
export const waitingView = (mutation: Mutation, ui: SyncUi, row?: Named | null): WaitingView => ({
  id: mutation.id,
  text: ui.messages.sync.changes[mutation.op](subject(mutation, ui, row ?? {})),
  time: clockText(mutation.at, ui),
})

/** A refused write: what it was, why it was refused, what can be done. */
export function parkedView(
  { id, mutation, error, waiting, at }: Parked,
  ui: SyncUi,
  row?: Named | null,
): ParkedView {
  const { parked } = ui.messages.sync
  return {
    ...waitingView(mutation, ui, row),
    id,
    time: clockText(at, ui),
    because: parked.because[reason(error)],
    details: parked.serverSays(error.message),
    waiting: waiting.length > 0 ? parked.waiting(countText(waiting.length, ui)) : undefined,
    editable: editableText(mutation, ui),
  }
}

/** What a write is about: the name that the user gave it, or that its row had, and what it is. */
function subject({ table, patch, base = {} }: Mutation, { messages }: SyncUi, row: Named): string {
  const tables: Readonly<Record<string, string>> = messages.sync.tables
  const kind = tables[table] ?? table
  const name = [patch.title, patch.name, base.title, base.name, row.title, row.name].find(isName)
  return name === undefined ? kind : `${kind} · ${name}`
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Why the server refused, by its SQLSTATE and never by its words. */
function reason({ code, serverCode = '' }: Parked['error']): keyof SyncMessages['parked']['because'] {
  if (code === 'hidden') return 'hidden'
  if (serverCode === '42501') return 'permission'
  if (serverCode === '23505') return 'exists'
  return /^2[23]/u.test(serverCode) ? 'invalid' : 'other'
}

function editableText({ op, patch }: Mutation, { messages }: SyncUi): EditableText | undefined {
  if (op === 'delete') return undefined
  const column = (['title', 'name'] as const).find((name) => typeof patch[name] === 'string')
  return column && { column, label: messages.sync.parked[column], value: String(patch[column]) }
}
