import type { EntityMutation } from './mutations.js'

/** What runs work for a component, and tells it how that goes. */
export interface Runner<R> {
  /** Resolves with `undefined` when it failed. */
  run(work: () => Promise<R>): Promise<R | undefined>
}

/** Writes of a component. What is refused is taken back. */
export interface EntityWrites<Row> {
  /** Resolves with the row, or with `undefined` when it failed. */
  createEntity(values: Partial<Row>): Promise<Row | undefined>
  updateEntity(id: string, patch: Partial<Row>): Promise<Row | undefined>
  /** Resolves with false when it failed. */
  deleteEntity(id: string): Promise<boolean>
}

/**
 * The writing of a type of entity as a component needs it.
 *
 * @param writing runs what makes and changes entities
 * @param removing runs what removes them
 */
export const entityWrites = <Row>(
  mutation: EntityMutation<Row>,
  writing: Runner<Row>,
  removing: Runner<boolean>,
): EntityWrites<Row> => ({
  createEntity: (values) => writing.run(() => mutation.create(values)),
  updateEntity: (id, patch) => writing.run(() => mutation.update(id, patch)),
  deleteEntity: async (id) => (await removing.run(() => mutation.remove(id).then(() => true))) === true,
})
