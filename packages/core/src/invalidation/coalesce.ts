import type { FeedEvent } from '../feeds/event.js'

/** An event, or several of one document and action in one. */
export interface BatchedEvent extends FeedEvent {
  /** The version that the patch builds on: whoever has it, or a later one, has all values once the patch is applied. */
  readonly after?: number | undefined
}

/** What tells which events are one. The scope is part of it, so that nobody's event hides another's. */
const identity = ({ factoryId, type, id, action }: FeedEvent): string =>
  `${factoryId}\0${type}\0${id}\0${action}`

/** Collects events until they are taken: one for each `(type, id, action)`, with the highest version. */
export class Coalesced {
  readonly #events = new Map<string, FeedEvent[]>()

  get size(): number {
    return this.#events.size
  }

  add(event: FeedEvent): void {
    const name = identity(event)
    const events = this.#events.get(name) ?? []
    events.push(event)
    // Taken out first, so that it comes after what happened meanwhile to the same document.
    this.#events.delete(name)
    this.#events.set(name, events)
  }

  take(): readonly BatchedEvent[] {
    const events = [...this.#events.values()].map(coalesce)
    this.#events.clear()
    return events
  }
}

/**
 * Events of one document and action in one: later versions win over earlier ones, in whatever order they came. Where only some
 * have a version, nobody knows which is newer: what is left then says only that the document changed.
 *
 * @param events in order of arrival; at least one
 */
export function coalesce(events: readonly FeedEvent[]): BatchedEvent {
  const last = events.at(-1) as FeedEvent
  if (events.length === 1) return last
  const versioned = events.filter(({ version }) => version !== undefined)
  if (versioned.length === 0) return events.reduce(join)
  if (versioned.length === events.length) return [...events].sort(byVersion).reduce(join)
  return { ...last, version: undefined, patch: undefined, changedKeys: undefined }
}

const byVersion = (a: FeedEvent, b: FeedEvent): number => (a.version ?? 0) - (b.version ?? 0)

/** The version a document must have, for the event's patch to be all that it lacks. */
export const baseOf = ({ after, version }: BatchedEvent): number | undefined =>
  after ?? (version === undefined ? undefined : version - 1)

function join(low: BatchedEvent, high: FeedEvent): BatchedEvent {
  const base = baseOf(high)
  // With a version between them missing, the higher patch alone says what it builds on.
  const adjoins = base !== undefined && base <= (low.version ?? base)
  return {
    ...high,
    after: adjoins ? baseOf(low) : base,
    changedKeys: low.changedKeys &&
      high.changedKeys && [...new Set([...low.changedKeys, ...high.changedKeys])],
    patch: low.patch && high.patch && { ...low.patch, ...high.patch },
  }
}
