import type { FeedState, Invalidation, View } from '@tidemark/core/invalidation'
import { live, type Live } from './live.svelte.js'

/**
 * Follows what a component shows, until it is destroyed. The views may be a function of reactive state: channels that the old
 * and the new ones share stay open.
 */
export function follow(invalidation: Invalidation, views: readonly View[] | (() => readonly View[])): void {
  let leave: (() => void) | undefined
  $effect(() => {
    const leaveOld = leave
    leave = invalidation.view(typeof views === 'function' ? views() : views)
    leaveOld?.()
  })
  $effect(() => () => leave?.())
}

/** How the feed is connected. */
export const feedState = (invalidation: Invalidation): Live<FeedState> => live(invalidation.state$)
