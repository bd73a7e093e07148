import type { Commit } from '../store/commit.js'
import type { Store } from '../store/store.js'
import type { Lead } from './lease.js'

/**
 * The store as an engine sees it for as long as its tab leads. What the engine still has under way after that ends where it
 * would store something, as if the tab had been killed there: an answer that has waited in a page that slept is too old to
 * be stored beside what the next leader has stored (R9).
 */
export function whileLeading(store: Store, over: AbortSignal, lead: Lead | undefined): Store {
  const commit = async (commit: Commit): Promise<boolean> => {
    if (!over.aborted) {
      const done = await store.commit({ ...commit, ...(lead && { fence: lead.fence }) })
      if (done || !lead || lead.fence[1](await store.meta(lead.fence[0]))) return done
    }
    return new Promise(() => undefined)
  }
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'commit') return commit
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
