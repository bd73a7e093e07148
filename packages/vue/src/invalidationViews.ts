import type { FeedState, Invalidation, View } from '@tidemark/core/invalidation'
import { onScopeDispose, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { useStream } from './useStream.js'

/**
 * Follows what a component shows, until its scope is disposed. The views may be a ref or a getter: channels that the old and
 * the new ones share stay open.
 */
export function useViews(invalidation: Invalidation, views: MaybeRefOrGetter<readonly View[]>): void {
  // On a server nothing would ever stop following.
  if (typeof window === 'undefined') return
  let leave: (() => void) | undefined
  watch(
    () => toValue(views),
    (shown) => {
      const leaveOld = leave
      leave = invalidation.view(shown)
      leaveOld?.()
    },
    { immediate: true },
  )
  onScopeDispose(() => leave?.())
}

/** How the feed is connected. */
export const useFeedState = (invalidation: Invalidation): Readonly<ShallowRef<FeedState | undefined>> =>
  useStream(invalidation.state$)
