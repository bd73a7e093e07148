import { Observable, type BehaviorSubject } from 'rxjs'
import type { Stop } from '../base/ports.js'

/** Where a stream's value comes from: `undefined` until it is known. */
export interface Source<T> {
  peek(): T | undefined
  /** Calls `changed` after each change of what `peek` answers, once a turn, until stopped. `failed`: it cannot be read now. */
  watch(changed: () => void, failed: (error: unknown) => void): Stop
}

/**
 * An Observable that emits what is known at once and then every change, and that can be asked for its present value.
 * It never completes and never fails: what goes wrong is told by `tide.status$`.
 */
export class Stream<T> extends Observable<T> {
  readonly #from: Source<T>

  constructor(from: Source<T>) {
    super((subscriber) => {
      let last: T | undefined
      const emit = (): void => {
        const value = from.peek()
        if (value === undefined || value === last) return
        last = value
        subscriber.next(value)
      }
      const stop = from.watch(emit, () => undefined)
      emit()
      return stop
    })
    this.#from = from
  }

  /**
   * The present value. `undefined` while it is not known: before the first load, after sign-out, and while nobody has
   * subscribed. (`null` for a row that is known not to be there.)
   */
  get current(): T | undefined {
    return this.#from.peek()
  }

  /** Resolves with the first known value (for Suspense). Rejects with a `StorageError` when it cannot be read. */
  get ready(): Promise<T> {
    const known = this.#from.peek()
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        const value = this.#from.peek()
        if (value === undefined) return
        stop()
        resolve(value)
      }
      const stop = this.#from.watch(settle, (error) => {
        stop()
        reject(error instanceof Error ? error : new Error(String(error)))
      })
    })
  }

  /** Calls `changed` after every change of `current`, also when it becomes unknown. What adapters bind to. */
  watch(changed: () => void): Stop {
    return this.#from.watch(changed, () => undefined)
  }
}

/** The stream of a subject's value. */
export const streamOf = <T>(subject: BehaviorSubject<T>): Stream<T> =>
  new Stream<T>({
    peek: () => subject.value,
    watch: (changed) => {
      const subscription = subject.subscribe(changed)
      return () => subscription.unsubscribe()
    },
  })
