import { changedColumns, type Columns } from '../base/json.js'
import type { StoredRecord } from '../store/record.js'

/** An edit that has not been saved: what it was begun on, what has changed, and how to go back and forth. */
export interface DraftRecord extends StoredRecord {
  readonly original: Columns
  /** What the server called the state that it was begun on. */
  readonly tag: string | undefined
  /** The columns whose values differ from the original's. */
  readonly changes: Columns
  /** What undoing sets, last one last: only the columns that a step changed. */
  readonly undo: readonly Columns[]
  readonly redo: readonly Columns[]
  /** The tab that wrote last. */
  readonly writer: string
}

/** What is done to a draft. Plain data, so that it can be done again on what another tab has made of the draft. */
export type DraftStep =
  | { readonly name: 'start'; readonly original: Columns; readonly tag: string | undefined }
  | { readonly name: 'set'; readonly values: Columns }
  | { readonly name: 'undo' | 'redo' | 'discard' }
  /** The server has taken `sent`, and has `original` now: what was written since goes on, and without it the draft is done. */
  | {
      readonly name: 'saved'
      readonly original: Columns
      readonly tag: string | undefined
      readonly sent: Columns
    }
  /** Goes on upon another original, with these changes. */
  | {
      readonly name: 'rebase'
      readonly original: Columns
      readonly tag: string | undefined
      readonly changes: Columns
    }

/** Who does a step, and when, in ms since the epoch. */
export interface DraftMark {
  readonly writer: string
  readonly at: number
}

/** Steps that can be undone at most. */
const maxSteps = 100
/** Typing in one field without a pause this long, in ms, is one step. */
const pause = 1_000

/** The draft after a step; the same when the step changes nothing. */
export function nextDraft(
  draft: DraftRecord | undefined,
  step: DraftStep,
  mark: DraftMark,
): DraftRecord | undefined {
  if (step.name === 'discard') return undefined
  if (step.name === 'start') {
    const { original, tag } = step
    return draft ?? { original, tag, changes: {}, undo: [], redo: [], ...mark }
  }
  if (!draft) return undefined
  if (step.name === 'set') return set(draft, step.values, mark)
  if (step.name === 'rebase') return rebase(draft, step, mark)
  if (step.name === 'saved') {
    const changes = changedColumns({ ...draft.original, ...step.sent }, currentOf(draft))
    return Object.keys(changes).length > 0 ? rebase(draft, { ...step, changes }, mark) : undefined
  }
  return goBack(draft, step.name, mark)
}

/** What the user sees: the original with the changes. */
export const currentOf = ({ original, changes }: Pick<DraftRecord, 'original' | 'changes'>): Columns => ({
  ...original,
  ...changes,
})

const rebase = (
  draft: DraftRecord,
  { original, tag, changes }: Pick<DraftRecord, 'original' | 'tag' | 'changes'>,
  mark: DraftMark,
): DraftRecord => ({ ...draft, ...mark, original, tag, changes: changedColumns(original, changes) })

function set(draft: DraftRecord, values: Columns, mark: DraftMark): DraftRecord {
  const current = currentOf(draft)
  const before = changedColumns(values, pick(current, values))
  const names = Object.keys(before)
  if (names.length === 0) return draft
  const undo = goesOn(draft, names, mark) ? draft.undo : [...draft.undo, before].slice(-maxSteps)
  return { ...draft, ...mark, changes: applied(draft, pick(values, before)), undo, redo: [] }
}

/** Whether a change is more of the last one: typing. */
function goesOn(draft: DraftRecord, names: readonly string[], { at, writer }: DraftMark): boolean {
  const last = Object.keys(draft.undo.at(-1) ?? {})
  const quick = at - draft.at < pause && draft.writer === writer && draft.redo.length === 0
  return quick && names.length === 1 && last.length === 1 && last[0] === names[0]
}

/** Undoes the last step, or does again what was undone last. */
function goBack(draft: DraftRecord, from: 'undo' | 'redo', mark: DraftMark): DraftRecord {
  const step = draft[from].at(-1)
  if (!step) return draft
  const to = from === 'undo' ? 'redo' : 'undo'
  const stacks = { [from]: draft[from].slice(0, -1), [to]: [...draft[to], pick(currentOf(draft), step)] }
  return { ...draft, ...mark, changes: applied(draft, step), ...stacks }
}

const applied = ({ original, changes }: DraftRecord, values: Columns): Columns =>
  changedColumns(original, { ...changes, ...values })

/** The values of the columns that `names` has. */
const pick = (row: Columns, names: Columns): Columns =>
  Object.fromEntries(Object.keys(names).map((name) => [name, row[name]]))
