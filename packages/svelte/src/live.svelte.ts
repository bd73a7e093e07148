import type { Stream } from '@tidemark/core'
import { createSubscriber } from 'svelte/reactivity'

/** A reactive view of a stream: read `current` in a component, an effect or a derived. */
export interface Live<T> {
  /** `undefined` while it is not known: before the first load, after sign-out, on a server. */
  readonly current: T | undefined
}

/** Follows a stream, or whichever stream the function answers; what reads `current` runs again after each change. */
export function live<T>(stream: Stream<T> | (() => Stream<T>)): Live<T> {
  const chosen = $derived(typeof stream === 'function' ? stream() : stream)
  const track = $derived.by(() => {
    // Read here and not in the callback: another stream needs another subscriber.
    const followed = chosen
    return createSubscriber((update) => followed.watch(update))
  })
  return {
    get current() {
      track()
      return chosen.current
    },
  }
}
