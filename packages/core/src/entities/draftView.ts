import type { Draft } from './draft.js'
import type { DraftConflict, DraftState } from './draftState.js'
import type { Runner } from './entityWrites.js'

/** What a form reads of a draft. */
export interface DraftView<Row> {
  readonly state: DraftState<Row>
  readonly hasDraft: boolean
  /** What the form shows; `undefined` while there is no draft. */
  readonly currentData: Row | undefined
  readonly changes: Partial<Row>
  readonly hasChanges: boolean
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Columns that another tab has set to something else. */
  readonly overwritten: readonly (keyof Row & string)[]
  readonly conflict: DraftConflict<Row> | undefined
}

/** What a form does with a draft. */
export interface DraftActions<Row> {
  /** Begins an edit, or goes on with the one that is there. Resolves with false when it failed. */
  startEdit(): Promise<boolean>
  updateField<F extends keyof Row>(field: F, value: Row[F]): void
  discardDraft(): void
  undo(): void
  redo(): void
  resolve(choice: 'mine' | 'theirs' | Partial<Row>): void
  /** Resolves with the row as the server has it, or with `undefined` when it failed; the edit stays then. */
  save(): Promise<Row | undefined>
}

const noEdit = {
  current: undefined,
  changes: {},
  hasChanges: false,
  canUndo: false,
  canRedo: false,
  overwritten: [],
} as const

/** What a form reads of a draft in this state; one that is not known yet reads as one that is loading. */
export function draftView<Row>(state: DraftState<Row> = { name: 'loading' }): DraftView<Row> {
  const { current, changes, hasChanges, canUndo, canRedo, overwritten } = 'current' in state ? state : noEdit
  return {
    state,
    hasDraft: current !== undefined,
    currentData: current,
    changes,
    hasChanges,
    canUndo,
    canRedo,
    overwritten,
    conflict: state.name === 'conflict' ? state.conflict : undefined,
  }
}

/**
 * What a form does with a draft, whichever it is when it does so.
 *
 * @param starting runs the beginning of an edit, and tells the component of it
 * @param saving runs its end
 */
export const draftActions = <Row>(
  open: () => Draft<Row>,
  starting: Runner<boolean>,
  saving: Runner<Row>,
): DraftActions<Row> => ({
  startEdit: async () =>
    (await starting.run(() =>
      open()
        .start()
        .then(() => true),
    )) === true,
  updateField: (field, value) => open().update({ [field]: value } as unknown as Partial<Row>),
  discardDraft: () => open().discard(),
  undo: () => open().undo(),
  redo: () => open().redo(),
  resolve: (choice) => open().resolve(choice),
  save: () => saving.run(() => open().save()),
})
