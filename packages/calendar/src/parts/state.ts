import { Stream, type Stop } from '@tidemark/core'
import { BehaviorSubject } from 'rxjs'

/** The state of a part: what a component shows, changed only here. */
export interface State<T extends object> {
  readonly stream: Stream<T>
  get(): T
  set(change: Partial<T>): void
}

/**
 * Makes a state that can be bound like any stream of the core.
 *
 * @param open what is followed while somebody watches; answers what stops it
 */
export function makeState<T extends object>(initial: T, open: () => Stop = () => () => undefined): State<T> {
  const subject = new BehaviorSubject(initial)
  let watchers = 0
  let stop: Stop | undefined
  const watch = (changed: () => void): Stop => {
    const subscription = subject.subscribe(changed)
    watchers += 1
    if (watchers === 1) stop = open()
    return () => {
      subscription.unsubscribe()
      watchers -= 1
      if (watchers === 0) stop?.()
    }
  }
  return {
    stream: new Stream<T>({ peek: () => subject.value, watch }),
    get: () => subject.value,
    set: (change) => subject.next({ ...subject.value, ...change }),
  }
}
