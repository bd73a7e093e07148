import { inOrder } from '../base/inOrder.js'

/**
 * Collects what is written in one turn, and what is written while the last group is on its way to the disk, and stores it
 * together: many writes cost one transaction.
 */
export class GroupCommit<T> {
  readonly #store: (items: T[]) => Promise<void>
  readonly #inOrder = inOrder()
  #items: T[] = []
  /** The group that is collected. */
  #group: Promise<void> | undefined

  constructor(store: (items: T[]) => Promise<void>) {
    this.#store = store
  }

  /** Resolves when the items are stored; rejects with what the storing of their group rejected with. */
  add(items: readonly T[]): Promise<void> {
    for (const item of items) this.#items.push(item)
    this.#group ??= this.#inOrder(() => {
      const group = this.#items
      this.#items = []
      this.#group = undefined
      return this.#store(group)
    })
    return this.#group
  }
}
