import { active$, online$, visible$ } from './page.js'
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
  online$,
  visible$,
  active$,
  // What was promised before is not asked for again: some browsers ask the user.
  persist: async () => {
    const storage = globalThis.navigator?.storage
    return (await storage?.persisted?.()) || storage?.persist?.()
  },
}

async function holdLock(name: string, signal: AbortSignal, held: () => Promise<void>): Promise<void> {
  try {
    await navigator.locks.request(name, { signal }, () => held())
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
