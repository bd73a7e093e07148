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
import { reading } from './reading.js'
import { write, type LiveWrite } from './write.svelte.js'

/** Writes of a component. What is refused is taken back, and `error` says why. */
export interface LiveEntityMutation<Row> extends EntityWrites<Row> {
  /** True until the server has answered. */
  readonly running: boolean
  readonly error: unknown
}

const running = <R>(): LiveWrite<[work: () => Promise<R>], R> => write((work: () => Promise<R>) => work())

/** Binds the writing of a type of entity to a component. */
export function createEntityMutation<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
): LiveEntityMutation<RowOfType<T, C>> {
  const writing = running<RowOfType<T, C>>()
  const removing = running<boolean>()
  return {
    ...entityWrites(entities.entityMutation(code), writing, removing),
    get running() {
      return writing.running || removing.running
    },
    get error() {
      return writing.error ?? removing.error
    },
  }
}

/** The unsaved edit of an entity, as a form needs it. */
export interface LiveDraft<Row> extends DraftView<Row>, DraftActions<Row> {
  /** Why the last start or save failed. */
  readonly error: unknown
}

/** Follows the draft of an entity, whose id may be a function of reactive state. */
export function createDraft<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: string | (() => string),
): LiveDraft<RowOfType<T, C>> {
  const open = () => draft(entities, code, typeof id === 'function' ? id() : id)
  const starting = running<boolean>()
  const saving = running<RowOfType<T, C>>()
  return reading(() => open().state$, draftView, {
    ...draftActions(open, starting, saving),
    get error() {
      return saving.error ?? starting.error
    },
  })
}
