import type { Stop } from '../base/ports.js'
import type { Source } from './stream.js'

/** A value that costs something to make: it is made when somebody asks for it, and again only after a change. */
export class Lazy<T> implements Source<T> {
  readonly #make: () => T
  readonly #watchers = new Set<() => void>()
  #made: { readonly value: T } | undefined

  constructor(make: () => T) {
    this.#make = make
  }

  peek(): T {
    this.#made ??= { value: this.#make() }
    return this.#made.value
  }

  watch(changed: () => void): Stop {
    this.#watchers.add(changed)
    return () => this.#watchers.delete(changed)
  }

  /** What was made is not true any more. */
  forget(): void {
    this.#made = undefined
  }

  /** Tells those who watch that it has changed. */
  tell(): void {
    for (const changed of [...this.#watchers]) changed()
  }
}
