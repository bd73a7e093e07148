import type { Columns } from '../base/json.js'
import type { Stream } from '../streams/stream.js'
import { inside, type Inside, type Part } from './client.js'
import type { CodeOf, Entities, RowOfType } from './createEntities.js'
import { DraftOf } from './draftOf.js'
import type { DraftState } from './draftState.js'
import { entityId, type EntityTypes } from './entityType.js'
import type { RecordNews } from './session.js'

/** The unsaved edit of one entity: it survives a reload and is shared between tabs. */
export interface Draft<Row = Columns> {
  readonly state$: Stream<DraftState<Row>>
  /**
   * Begins an edit, or goes on with the one that is there. Resolves when it can be edited.
   *
   * @throws TidemarkError `row-missing` when there is no such entity, `RemoteError` when it cannot be fetched
   */
  start(): Promise<void>
  /** Sets values; begins the edit if need be. @throws TidemarkError `row-missing` while the entity is not known */
  update(values: Partial<Row>): void
  undo(): void
  redo(): void
  /** Throws the edit away. */
  discard(): void
  /** Ends a conflict: keeps mine, keeps theirs where both have changed a column, or keeps mine with these values. */
  resolve(choice: 'mine' | 'theirs' | Partial<Row>): void
  /**
   * Sends what has changed, and ends the edit. Resolves with the row as the server has it.
   *
   * @throws RemoteError when the server refuses or does not answer, and with status 412 when there is a conflict; the edit stays
   */
  save(): Promise<Row>
}

/**
 * The unsaved edit of an entity; everyone who edits it shares one.
 *
 * @example
 * const edit = draft(entities, 'project', id)
 * await edit.start()
 * edit.update({ name: 'Sea wall' })
 * await edit.save()
 */
export function draft<T extends EntityTypes, C extends CodeOf<T>>(
  entities: Entities<T>,
  code: C,
  id: string,
): Draft<RowOfType<T, C>> {
  return entities[inside].part(Drafts).of(code, id) as unknown as Draft<RowOfType<T, C>>
}

/** The drafts of this tab. */
class Drafts implements Part {
  readonly #inside: Inside
  readonly #drafts = new Map<string, DraftOf>()
  readonly #writer: string

  constructor(inside: Inside) {
    this.#inside = inside
    this.#writer = inside.cache.options.ports.uuid()
  }

  of(code: string, id: string): DraftOf {
    const { cache, mutations } = this.#inside
    const known = this.#drafts.get(entityId(code, id))
    const found = known ?? new DraftOf({ code, id, writer: this.#writer, cache, mutations })
    this.#drafts.set(entityId(code, id), found)
    return found
  }

  reset(): void {
    for (const found of this.#drafts.values()) found.reset()
  }

  async settled(): Promise<void> {
    await Promise.all([...this.#drafts.values()].map(({ keeper }) => keeper.settled()))
  }

  news({ store, id }: RecordNews): void {
    if (store === 'drafts') void this.#drafts.get(id)?.keeper.load(true)
  }
}
