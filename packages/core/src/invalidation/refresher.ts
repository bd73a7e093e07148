import type { Query, QueryCache } from '@tanstack/query-core'
import type { Stop } from '../base/ports.js'
import { reaches } from './patch.js'

/**
 * Marks queries as invalid and fetches those that are shown.
 *
 *   idle ── refresh ──► fetching ── refresh ──► fetching, late ── it ends ──► idle, and refreshed once more
 *                          │                                        └──────► idle, when its answer is new enough
 *                          └── it ends ──► idle
 *
 * A fetch under way is not cancelled: its answer may be older than what was told of, so it is followed by one more, however
 * often a refresh was asked for. Under a stream of events a slow fetch still comes to its end.
 */
export class Refresher {
  readonly #cache: QueryCache
  /** Queries whose fetch began before something changed, with the version that its answer must have. */
  readonly #late = new Map<Query, number | undefined>()
  readonly #unsubscribe: Stop

  constructor(cache: QueryCache) {
    this.#cache = cache
    this.#unsubscribe = cache.subscribe((event) => {
      const query = event.query as Query
      if (this.#late.has(query) && query.state.fetchStatus === 'idle') this.#settle(query)
    })
  }

  stop(): void {
    this.#unsubscribe()
    this.#late.clear()
  }

  /** @param version what the document must have to be new enough; left out: nothing that was fetched before is */
  refresh(query: Query, version?: number): void {
    if (query.state.fetchStatus === 'fetching') this.#late.set(query, this.#needed(query, version))
    else refetch(query)
  }

  /** Begins a fetch again that is under way: its answer would take a patch back. */
  restart(query: Query): void {
    void query.fetch(undefined, { cancelRefetch: true }).catch(ignore)
  }

  #needed(query: Query, version: number | undefined): number | undefined {
    if (!this.#late.has(query)) return version
    const before = this.#late.get(query)
    return before === undefined || version === undefined ? undefined : Math.max(before, version)
  }

  #settle(query: Query): void {
    const needed = this.#late.get(query)
    this.#late.delete(query)
    // The cache tells of an answer while it is still taking it in.
    queueMicrotask(() => {
      if (this.#cache.get(query.queryHash) !== query || reaches(query.state.data, needed)) return
      // A server that has just failed is not asked again at once; whoever shows the query next asks it.
      if (query.state.status === 'error') query.invalidate()
      else refetch(query)
    })
  }
}

/** A paused fetch has not asked yet: its answer will be new. */
function refetch(query: Query): void {
  query.invalidate()
  if (query.isActive() && !query.isStatic())
    void query.fetch(undefined, { cancelRefetch: false }).catch(ignore)
}

/** What a fetch fails with is the query's state. */
const ignore = (): void => undefined
