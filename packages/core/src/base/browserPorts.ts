import { Observable } from 'rxjs'
import { active$ } from './page.js'
import type { Ports } from './ports.js'
import { openTabChannel } from './tabChannel.js'

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
  get lock() {
    return globalThis.navigator?.locks ? holdLock : undefined
  },
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
  active$,
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

async function holdLock(name: string, signal: AbortSignal, held: () => Promise<void>): Promise<void> {
  try {
    await navigator.locks.request(name, { signal }, () => held())
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
