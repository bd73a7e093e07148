import {
  draft,
  type CodeOf,
  type DraftConflict,
  type DraftState,
  type Entities,
  type EntityTypes,
  type RowOfType,
} from '@tidemark/core/entities'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useStream } from './useStream.js'
import { useWrite } from './useWrite.js'

/** Writes of a component. What is refused is taken back, and `error` says why. */
export interface UsedEntityMutation<Row> {
  /** Resolves with the row, or with `undefined` when it failed. */
  createEntity(values: Partial<Row>): Promise<Row | undefined>
  updateEntity(id: string, patch: Partial<Row>): Promise<Row | undefined>
  /** Resolves with false when it failed. */
  deleteEntity(id: string): Promise<boolean>
  /** True until the server has answered. */
  readonly running: ComputedRef<boolean>
  readonly error: ComputedRef<unknown>
}

/** Binds the writing of a type of entity to a component. */
export function useEntityMutation<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
): UsedEntityMutation<RowOfType<T, C>> {
  const mutation = entities.entityMutation(code)
  const row = useWrite((work: () => Promise<RowOfType<T, C>>) => work())
  const removing = useWrite((id: string) => mutation.remove(id).then(() => true))
  return {
    createEntity: (values) => row.run(() => mutation.create(values)),
    updateEntity: (id, patch) => row.run(() => mutation.update(id, patch)),
    deleteEntity: async (id) => (await removing.run(id)) === true,
    running: computed(() => row.running.value || removing.running.value),
    error: computed(() => row.error.value ?? removing.error.value),
  }
}

/** The unsaved edit of an entity, as a form needs it. */
export interface UsedDraft<Row> {
  readonly state: ComputedRef<DraftState<Row>>
  readonly hasDraft: ComputedRef<boolean>
  /** What the form shows; `undefined` while there is no draft. */
  readonly currentData: ComputedRef<Row | undefined>
  readonly changes: ComputedRef<Partial<Row>>
  readonly hasChanges: ComputedRef<boolean>
  readonly canUndo: ComputedRef<boolean>
  readonly canRedo: ComputedRef<boolean>
  /** Columns that another tab has set to something else. */
  readonly overwritten: ComputedRef<readonly (keyof Row & string)[]>
  readonly conflict: ComputedRef<DraftConflict<Row> | undefined>
  /** Why the last start or save failed. */
  readonly error: ComputedRef<unknown>
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

/** Follows the draft of an entity, whose id may be a ref or a getter. */
export function useDraft<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: MaybeRefOrGetter<string>,
): UsedDraft<RowOfType<T, C>> {
  type Row = RowOfType<T, C>
  const open = () => draft(entities, code, toValue(id))
  const followed = useStream(() => open().state$)
  const starting = useWrite(() => open().start())
  const saving = useWrite(() => open().save())
  const editing = computed(() => (followed.value && 'current' in followed.value ? followed.value : undefined))
  return {
    state: computed(() => followed.value ?? { name: 'loading' }),
    hasDraft: computed(() => editing.value !== undefined),
    currentData: computed(() => editing.value?.current),
    changes: computed(() => editing.value?.changes ?? {}),
    hasChanges: computed(() => editing.value?.hasChanges ?? false),
    canUndo: computed(() => editing.value?.canUndo ?? false),
    canRedo: computed(() => editing.value?.canRedo ?? false),
    overwritten: computed(() => editing.value?.overwritten ?? []),
    conflict: computed(() => (followed.value?.name === 'conflict' ? followed.value.conflict : undefined)),
    error: computed(() => saving.error.value ?? starting.error.value),
    startEdit: async () => {
      await starting.run()
      return starting.error.value === undefined
    },
    updateField: (field, value) => open().update({ [field]: value } as unknown as Partial<Row>),
    discardDraft: () => open().discard(),
    undo: () => open().undo(),
    redo: () => open().redo(),
    resolve: (choice) => open().resolve(choice),
    save: () => saving.run(),
  }
}
