import {
  draft,
  draftActions,
  draftView,
  entityWrites,
  type CodeOf,
  type DraftActions,
  type DraftView,
  type Entities,
  type EntityTypes,
  type EntityWrites,
  type RowOfType,
} from '@tidemark/core/entities'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { useReading, type Computed } from './useReading.js'
import { useWrite, type UsedWrite } from './useWrite.js'

/** Writes of a component. What is refused is taken back, and `error` says why. */
export interface UsedEntityMutation<Row> extends EntityWrites<Row> {
  /** True until the server has answered. */
  readonly running: ComputedRef<boolean>
  readonly error: ComputedRef<unknown>
}

const useRunning = <R>(): UsedWrite<[work: () => Promise<R>], R> =>
  useWrite((work: () => Promise<R>) => work())

/** Binds the writing of a type of entity to a component. */
export function useEntityMutation<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
): UsedEntityMutation<RowOfType<T, C>> {
  const writing = useRunning<RowOfType<T, C>>()
  const removing = useRunning<boolean>()
  return {
    ...entityWrites(entities.entityMutation(code), writing, removing),
    running: computed(() => writing.running.value || removing.running.value),
    error: computed(() => writing.error.value ?? removing.error.value),
  }
}

/** The unsaved edit of an entity, as a form needs it. */
export interface UsedDraft<Row> extends Computed<DraftView<Row>>, DraftActions<Row> {
  /** Why the last start or save failed. */
  readonly error: ComputedRef<unknown>
}

/** Follows the draft of an entity, whose id may be a ref or a getter. */
export function useDraft<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: MaybeRefOrGetter<string>,
): UsedDraft<RowOfType<T, C>> {
  const open = () => draft(entities, code, toValue(id))
  const starting = useRunning<boolean>()
  const saving = useRunning<RowOfType<T, C>>()
  return {
    ...useReading(() => open().state$, draftView),
    ...draftActions(open, starting, saving),
    error: computed(() => saving.error.value ?? starting.error.value),
  }
}
