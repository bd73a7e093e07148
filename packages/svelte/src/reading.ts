import type { Stream } from '@tidemark/core'
import { live } from './live.svelte.js'

/**
 * What can be done with something, and what is read of it, each field reactive.
 *
 * @param stream whichever stream says its state now
 * @param view what is read of a state, with the same fields in every one
 */
export function reading<S, V extends object, A extends object>(
  stream: () => Stream<S>,
  view: (state?: S) => V,
  actions: A,
): V & A {
  const followed = live(stream)
  for (const field of Object.keys(view()) as (keyof V)[])
    Object.defineProperty(actions, field, { enumerable: true, get: () => view(followed.current)[field] })
  // What was given, because a copy would read its getters once and for all.
  return actions as V & A
}
