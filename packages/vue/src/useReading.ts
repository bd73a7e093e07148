import type { Stream } from '@tidemark/core'
import { computed, type ComputedRef } from 'vue'
import { useStream } from './useStream.js'

/** The fields of an object, each followed. */
export type Computed<V> = { readonly [F in keyof V]: ComputedRef<V[F]> }

/**
 * What is read of something that is followed, field by field.
 *
 * @param stream whichever stream says its state now
 * @param view what is read of a state, with the same fields in every one
 */
export function useReading<S, V extends object>(
  stream: () => Stream<S>,
  view: (state?: S) => V,
): Computed<V> {
  const state = useStream(stream)
  const shown = computed(() => view(state.value))
  const fields = Object.keys(view()) as (keyof V)[]
  return Object.fromEntries(
    fields.map((field) => [field, computed(() => shown.value[field])]),
  ) as unknown as Computed<V>
}
