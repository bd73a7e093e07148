import type { Stream } from '@tidemark/core'
import { shallowReadonly, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'

/**
 * A ref that follows a stream, or whichever stream the ref or getter answers, until its scope is disposed.
 * `undefined` while it is not known: before the first load, after sign-out. On a server it is what the first render in a browser
 * shows as well.
 */
export function useStream<T>(stream: MaybeRefOrGetter<Stream<T>>): Readonly<ShallowRef<T | undefined>> {
  // On a server nothing would ever stop following.
  if (typeof window === 'undefined') return shallowReadonly(shallowRef(toValue(stream).current))
  const value = shallowRef<T>()
  watch(
    () => toValue(stream),
    (followed, _, onCleanup) => {
      const read = (): void => {
        value.value = followed.current
      }
      onCleanup(followed.watch(read))
      read()
    },
    { immediate: true, flush: 'sync' },
  )
  return shallowReadonly(value)
}
