import type { Query, QueryClient } from '@tanstack/query-core'
import { isOlder } from '../base/version.js'
import { channelName, type FeedChannel } from '../feeds/channelName.js'
import type { BatchedEvent } from './coalesce.js'
import { findQuery } from './findQuery.js'
import { isListKey, keyDoc, readKey } from './keys.js'
import { patchDocument, type Patched } from './patch.js'
import { Refresher } from './refresher.js'

/** Queries to fetch, with the version that their answers must have. */
type Refreshes = Map<Query, number | undefined>

/**
 * Brings events into a query cache: a document is patched where the event carries its new values, and invalidated otherwise;
 * creates and deletes fetch the first page of the lists of their type. Each query is fetched once a batch, whatever many
 * events say.
 */
export class Handler {
  readonly #client: QueryClient
  readonly #refresher: Refresher

  constructor(client: QueryClient) {
    this.#client = client
    this.#refresher = new Refresher(client.getQueryCache())
  }

  /** Brings in a batch. Events of another scope are dropped, and so are those of a version that the cache is past. */
  handle(events: readonly BatchedEvent[], factoryId: string): void {
    const refreshes: Refreshes = new Map()
    const heads = new Set<string>()
    for (const event of events) {
      if (event.factoryId !== factoryId) continue
      if (event.action === 'create' || event.action === 'delete') heads.add(event.type)
      this.#document(event, refreshes)
    }
    if (heads.size > 0) this.#heads(heads, factoryId, refreshes)
    for (const [query, version] of refreshes) this.#refresher.refresh(query, version)
  }

  /**
   * Events of these channels may have been missed: fetches what is shown of them, and marks the rest as invalid.
   *
   * @param channels `undefined`: any channel
   */
  missed(channels: Iterable<FeedChannel | undefined>, factoryId: string): void {
    const names = new Set<string | undefined>()
    for (const channel of channels) names.add(channel && channelName(channel))
    const all = names.has(undefined) || names.has(channelName({ kind: 'factory', factoryId }))
    for (const query of this.#client.getQueryCache().getAll()) {
      const name = channelOf(query, factoryId)
      if (name !== undefined && (all || names.has(name))) this.#refresher.refresh(query)
    }
  }

  stop(): void {
    this.#refresher.stop()
  }

  #document(event: BatchedEvent, refreshes: Refreshes): void {
    const query = findQuery(this.#client, keyDoc(event.type, event.id))
    if (!query || isOlder(event, query.state.data)) return
    if (event.action === 'delete') this.#remove(query, refreshes)
    else if (event.action !== 'create') this.#update(query, event, refreshes)
    // Whoever has a new document made it; whoever was told that it is not there asks again.
    else if (query.state.data === undefined) refreshes.set(query, event.version)
  }

  #update(query: Query, event: BatchedEvent, refreshes: Refreshes): void {
    const patched = patchDocument(query.state.data, event)
    if (patched) this.#patch(query, patched)
    if (!patched?.complete) refreshes.set(query, event.version)
  }

  #patch(query: Query, { document }: Patched): void {
    const { data, isInvalidated, dataUpdatedAt: updatedAt, fetchStatus } = query.state
    if (document === data) return
    // A patch makes a document neither younger nor valid: only a fetch does.
    query.setData(document, { updatedAt, manual: true })
    if (isInvalidated) query.invalidate()
    if (fetchStatus === 'fetching') this.#refresher.restart(query)
  }

  #remove(query: Query, refreshes: Refreshes): void {
    void query.cancel({ silent: true })
    query.setState({ ...nothing, status: 'pending', fetchStatus: 'idle', error: null })
    if (query.getObserversCount() === 0) this.#client.getQueryCache().remove(query)
    else refreshes.set(query, undefined)
  }

  #heads(types: ReadonlySet<string>, factoryId: string, refreshes: Refreshes): void {
    for (const query of this.#client.getQueryCache().getAll()) {
      const parts = isListKey(query.queryKey) ? readKey(query.queryKey) : undefined
      if (parts?.kind !== 'list' || parts.factoryId !== factoryId || parts.page !== 1) continue
      if (types.has(parts.type)) refreshes.set(query, undefined)
    }
  }
}

/** The state of a query whose document is not there. */
export const nothing = { data: undefined, dataUpdatedAt: 0, isInvalidated: true } as const

/** The channel that tells of a query; `undefined` for what no event of this scope concerns. */
function channelOf(query: Query, factoryId: string): string | undefined {
  const parts = readKey(query.queryKey)
  if (!parts || (parts.kind === 'list' && parts.factoryId !== factoryId)) return undefined
  return channelName({ factoryId, ...parts })
}
