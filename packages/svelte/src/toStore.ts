import type { Stream } from '@tidemark/core'
import type { Readable } from 'svelte/store'

/** A stream as a Svelte store, for `$store` syntax. Its value is `undefined` while it is not known. */
export const toStore = <T>(stream: Stream<T>): Readable<T | undefined> => ({
  subscribe(run) {
    const stop = stream.watch(() => run(stream.current))
    run(stream.current)
    return stop
  },
})
