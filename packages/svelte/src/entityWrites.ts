import {
  draft,
  type CodeOf,
  type DraftConflict,
  type DraftState,
  type Entities,
  type EntityTypes,
  type RowOfType,
} from '@tidemark/core/entities'
import { live, type Live } from './live.svelte.js'
import { write } from './write.svelte.js'

/** Writes of a component. What is refused is taken back, and `error` says why. */
export interface LiveEntityMutation<Row> {
  /** Resolves with the row, or with `undefined` when it failed. */
  createEntity(values: Partial<Row>): Promise<Row | undefined>
  updateEntity(id: string, patch: Partial<Row>): Promise<Row | undefined>
  /** Resolves with false when it failed. */
  deleteEntity(id: string): Promise<boolean>
  /** True until the server has answered. */
  readonly running: boolean
  readonly error: unknown
}

/** Binds the writing of a type of entity to a component. */
export function createEntityMutation<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
): LiveEntityMutation<RowOfType<T, C>> {
  const mutation = entities.entityMutation(code)
  const row = write((work: () => Promise<RowOfType<T, C>>) => work())
  const removing = write((id: string) => mutation.remove(id).then(() => true))
  return {
    createEntity: (values) => row.run(() => mutation.create(values)),
    updateEntity: (id, patch) => row.run(() => mutation.update(id, patch)),
    deleteEntity: async (id) => (await removing.run(id)) === true,
    get running() {
      return row.running || removing.running
    },
    get error() {
      return row.error ?? removing.error
    },
  }
}

/** The unsaved edit of an entity, as a form needs it. */
export interface LiveDraft<Row> {
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
  /** Why the last start or save failed. */
  readonly error: unknown
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

/** Follows the draft of an entity, whose id may be a function of reactive state. */
export function createDraft<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: string | (() => string),
): LiveDraft<RowOfType<T, C>> {
  type Row = RowOfType<T, C>
  const open = () => draft(entities, code, typeof id === 'function' ? id() : id)
  const starting = write(() => open().start())
  const saving = write(() => open().save())
  const actions = {
    startEdit: async () => {
      await starting.run()
      return starting.error === undefined
    },
    updateField: <F extends keyof Row>(field: F, value: Row[F]) =>
      open().update({ [field]: value } as unknown as Partial<Row>),
    discardDraft: () => open().discard(),
    undo: () => open().undo(),
    redo: () => open().redo(),
    resolve: (choice: 'mine' | 'theirs' | Partial<Row>) => open().resolve(choice),
    save: () => saving.run(),
    get error() {
      return saving.error ?? starting.error
    },
  }
  const read = reading(live(() => open().state$))
  // A spread would read the getters once and for all.
  return Object.defineProperties(actions, Object.getOwnPropertyDescriptors(read)) as LiveDraft<Row>
}

/** What a draft shows. */
function reading<Row>(followed: Live<DraftState<Row>>) {
  const editing = () => {
    const state = followed.current
    return state && 'current' in state ? state : undefined
  }
  return {
    get state() {
      return followed.current ?? { name: 'loading' }
    },
    get hasDraft() {
      return editing() !== undefined
    },
    get currentData() {
      return editing()?.current
    },
    get changes() {
      return editing()?.changes ?? {}
    },
    get hasChanges() {
      return editing()?.hasChanges ?? false
    },
    get canUndo() {
      return editing()?.canUndo ?? false
    },
    get canRedo() {
      return editing()?.canRedo ?? false
    },
    get overwritten() {
      return editing()?.overwritten ?? []
    },
    get conflict() {
      return followed.current?.name === 'conflict' ? followed.current.conflict : undefined
    },
  }
}
