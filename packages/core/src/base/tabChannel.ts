import { active$ } from './page.js'
import type { TabChannel } from './ports.js'

/**
 * A BroadcastChannel between the tabs of one database. It is closed while the page is not active, since an open one keeps a
 * page out of the back/forward cache; what is posted then opens it again.
 */
export function openTabChannel(name: string): TabChannel {
  const listeners = new Set<(message: unknown) => void>()
  let channel: BroadcastChannel | undefined
  const open = (): BroadcastChannel => {
    channel ??= new BroadcastChannel(name)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      for (const heard of listeners) heard(data)
    }
    return channel
  }
  const close = (): void => {
    channel?.close()
    channel = undefined
  }
  const activity = active$.subscribe((active) => (active ? open() : close()))
  return {
    post: (message) => {
      // A commit may end after the tab was stopped; there is nobody to tell any more.
      if (!activity.closed) open().postMessage(message)
    },
    listen: (heard) => {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    close: () => {
      activity.unsubscribe()
      close()
    },
  }
}
