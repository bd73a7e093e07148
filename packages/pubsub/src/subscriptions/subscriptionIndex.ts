/** One entity that somebody hears of. Each subscriber keeps the id that is here: a thousand copies of it would be as many strings. */
interface Topic<Subscriber> {
  readonly id: string
  /** Mostly one alone, which then needs no set of its own. */
  subscribers: Subscriber | Set<Subscriber>
}

/** What one subscriber hears of. */
export interface Subscribed {
  readonly entities: Map<string, Set<string>>
  readonly lists: Set<string>
}

/**
 * Who hears of which entity, in memory, for the sockets of this instance.
 * Maps and sets all through, so that an entity named `__proto__` is a name like any other.
 */
export class SubscriptionIndex<Subscriber extends object> {
  readonly #byEntity = new Map<string, Map<string, Topic<Subscriber>>>()
  readonly #byList = new Map<string, Set<Subscriber>>()
  readonly #bySubscriber = new Map<Subscriber, Subscribed>()
  #size = 0

  /** How many pairs of subscriber and entity there are; lists are not counted. */
  get size(): number {
    return this.#size
  }

  /** Adds entities that are not there yet, and gives those that were added. */
  add(subscriber: Subscriber, code: string, ids: readonly string[]): string[] {
    const own = getOrMake(this.#of(subscriber).entities, code, () => new Set<string>())
    const all = getOrMake(this.#byEntity, code, () => new Map<string, Topic<Subscriber>>())
    const added = ids.filter((id) => !own.has(id) && own.add(join(all, id, subscriber)))
    this.#size += added.length
    return added
  }

  addList(subscriber: Subscriber, code: string): void {
    this.#of(subscriber).lists.add(code)
    getOrMake(this.#byList, code, () => new Set<Subscriber>()).add(subscriber)
  }

  /** Removes entities, all of the code where none are named, and gives those that were there. */
  remove(subscriber: Subscriber, code: string, ids?: readonly string[]): string[] {
    const own = this.#bySubscriber.get(subscriber)?.entities.get(code)
    const all = this.#byEntity.get(code)
    if (own === undefined || all === undefined) return []
    const removed = [...(ids ?? own)].filter((id) => own.delete(id))
    for (const id of removed) leave(all, id, subscriber)
    if (own.size === 0) this.#bySubscriber.get(subscriber)?.entities.delete(code)
    if (all.size === 0) this.#byEntity.delete(code)
    this.#size -= removed.length
    return removed
  }

  removeList(subscriber: Subscriber, code: string): void {
    this.#bySubscriber.get(subscriber)?.lists.delete(code)
    const all = this.#byList.get(code)
    all?.delete(subscriber)
    if (all?.size === 0) this.#byList.delete(code)
  }

  /** Forgets a subscriber and all it heard of. */
  removeAll(subscriber: Subscriber): void {
    const { entities, lists } = this.of(subscriber)
    for (const code of [...entities.keys()]) this.remove(subscriber, code)
    for (const code of [...lists]) this.removeList(subscriber, code)
    this.#bySubscriber.delete(subscriber)
  }

  of(subscriber: Subscriber): Subscribed {
    return this.#bySubscriber.get(subscriber) ?? { entities: new Map(), lists: new Set() }
  }

  /** How many entities a subscriber hears of. */
  countOf(subscriber: Subscriber): number {
    let count = 0
    for (const ids of this.of(subscriber).entities.values()) count += ids.size
    return count
  }

  *subscribersOf(code: string, id: string): Iterable<Subscriber> {
    const found = this.#byEntity.get(code)?.get(id)?.subscribers
    if (found instanceof Set) yield* found
    else if (found !== undefined) yield found
  }

  subscribersOfList(code: string): Iterable<Subscriber> {
    return this.#byList.get(code) ?? []
  }

  subscribers(): Iterable<Subscriber> {
    return this.#bySubscriber.keys()
  }

  #of(subscriber: Subscriber): Subscribed {
    return getOrMake(this.#bySubscriber, subscriber, () => ({ entities: new Map(), lists: new Set() }))
  }
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

/** Adds a subscriber to an entity and gives the entity's own string of the id. */
function join<Subscriber>(all: Map<string, Topic<Subscriber>>, id: string, one: Subscriber): string {
  const topic = all.get(id)
  if (topic === undefined) {
    all.set(id, { id, subscribers: one })
    return id
  }
  if (topic.subscribers instanceof Set) topic.subscribers.add(one)
  else topic.subscribers = new Set([topic.subscribers, one])
  return topic.id
}

function leave<Subscriber>(all: Map<string, Topic<Subscriber>>, id: string, one: Subscriber): void {
  const subscribers = all.get(id)?.subscribers
  if (subscribers instanceof Set) {
    subscribers.delete(one)
    if (subscribers.size > 0) return
  }
  all.delete(id)
}
