interface Waiting<T> {
  readonly items: readonly T[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Collects what is written in one turn, and what is written while the last group is on its way to the disk, and stores it
 * together: many writes cost one transaction.
 */
export class GroupCommit<T> {
  #waiting: Waiting<T>[] = []
  #running = false
  readonly #store: (items: T[]) => Promise<void>

  constructor(store: (items: T[]) => Promise<void>) {
    this.#store = store
  }

  /** Resolves when the items are stored; rejects with what the storing of their group rejected with. */
  add(items: readonly T[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject })
      if (this.#running) return
      this.#running = true
      queueMicrotask(() => void this.#run())
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      await this.#store(group.flatMap(({ items }) => items)).then(
        () => group.forEach(({ resolve }) => resolve()),
        (error: unknown) => group.forEach(({ reject }) => reject(error)),
      )
    }
    this.#running = false
  }
}
