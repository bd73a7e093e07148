import { Observable } from 'rxjs'
import type { Ports, TabChannel } from './ports.js'

/** The ports of a browser, a worker or Node: what is missing there is done without. Touches nothing until it is used. */
export const browserPorts: Ports = {
  now: () => Date.now(),
  random: () => Math.random(),
  uuid: () => crypto.randomUUID(),
  hash: async (text) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
    return btoa(String.fromCharCode(...new Uint8Array(digest)))
  },
  timer: (delay, run) => {
    const timer = setTimeout(run, delay)
    return () => clearTimeout(timer)
  },
  tabs: openTabChannel,
  lock: holdLock,
  online$: listen(
    () => globalThis,
    ['online', 'offline'],
    () => globalThis.navigator?.onLine ?? true,
  ),
  visible$: listen(
    () => globalThis.document,
    ['visibilitychange'],
    () => globalThis.document?.visibilityState !== 'hidden',
  ),
  persist: async () => globalThis.navigator?.storage?.persist?.(),
}

/** What `read` answers, at once and after each of the events. */
function listen(target: () => unknown, events: readonly string[], read: () => boolean): Observable<boolean> {
  return new Observable((subscriber) => {
    const tell = (): void => subscriber.next(read())
    const heard = target()
    if (heard instanceof EventTarget) {
      for (const event of events) heard.addEventListener(event, tell)
      subscriber.add(() => events.forEach((event) => heard.removeEventListener(event, tell)))
    }
    tell()
  })
}

function openTabChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name)
  let closed = false
  return {
    post: (message) => {
      // A commit may end after the tab was stopped; there is nobody to tell any more.
      if (!closed) channel.postMessage(message)
    },
    listen: (heard) => {
      const onMessage = ({ data }: MessageEvent<unknown>): void => heard(data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => {
      closed = true
      channel.close()
    },
  }
}

/** Without Web Locks every tab leads: correctness does not depend on there being one leader (R9). */
async function holdLock(name: string, signal: AbortSignal, held: () => Promise<void>): Promise<void> {
  const locks = globalThis.navigator?.locks
  if (!locks) return held()
  try {
    await locks.request(name, { signal }, held)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
