import type { Identity } from '../auth.js'
import type { Authorise } from './authorise.js'
import type { Registered, Registry } from './registry.js'
import { SubscriptionIndex } from './subscriptionIndex.js'

/** Whoever can subscribe: a connection whose user is known. */
export interface Subscriber {
  readonly id: string
  readonly user: Identity
  /** A closed one is given nothing any more. */
  readonly open: boolean
}

/** What a subscriber may not hear of any longer. */
export interface Revoked {
  readonly entityCode: string
  readonly entityIds: string[]
  readonly list: boolean
}

/** Decides who hears of what, and keeps it in memory and in the database. */
export class SubscriptionManager<Who extends Subscriber> {
  readonly index: SubscriptionIndex<Who> = new SubscriptionIndex()
  readonly #authorise: Authorise
  readonly #registry: Registry

  constructor(authorise: Authorise, registry: Registry) {
    this.#authorise = authorise
    this.#registry = registry
  }

  /** Subscribes to what the user may see, and gives the ids that it was not given. */
  async subscribe(who: Who, code: string, ids: readonly string[]): Promise<string[]> {
    const granted = await this.#authorise.entities(who.user, code, ids)
    if (!who.open) return []
    const added = this.index.add(who, code, granted)
    if (added.length > 0) {
      await this.#registry.add(rowsOf(who, code, added)).catch((error: unknown) => {
        this.index.remove(who, code, added)
        throw error
      })
    }
    const seen = new Set(granted)
    return [...new Set(ids)].filter((id) => !seen.has(id))
  }

  /** Resolves with whether the user hears of the lists from now on. */
  async subscribeList(who: Who, code: string): Promise<boolean> {
    const may = await this.#authorise.list(who.user, code)
    if (may && who.open) this.index.addList(who, code)
    return may
  }

  /** @param ids all of the code where left out */
  async unsubscribe(who: Who, code: string, ids?: readonly string[]): Promise<void> {
    const removed = this.index.remove(who, code, ids)
    if (removed.length > 0) await this.#registry.remove(rowsOf(who, code, removed))
  }

  unsubscribeList(who: Who, code: string): void {
    this.index.removeList(who, code)
  }

  /** Forgets everything of a subscriber, at once here and soon in the database. */
  async unsubscribeAll(who: Who): Promise<void> {
    const had = this.index.of(who).entities.size > 0
    this.index.removeAll(who)
    if (had || !who.open) await this.#registry.close(who.id)
  }

  /** Asks again for everything, and takes away what the user may not see any longer. */
  async authoriseAgain(who: Who): Promise<Revoked[]> {
    const revoked: Revoked[] = []
    const { entities, lists } = this.index.of(who)
    for (const code of new Set([...entities.keys(), ...lists])) {
      const ids = [...(entities.get(code) ?? [])]
      const seen = new Set(await this.#authorise.entities(who.user, code, ids))
      const gone = ids.filter((id) => !seen.has(id))
      const list = lists.has(code) && !(await this.#authorise.list(who.user, code))
      if (gone.length > 0) await this.unsubscribe(who, code, gone)
      if (list) this.unsubscribeList(who, code)
      if (gone.length > 0 || list) revoked.push({ entityCode: code, entityIds: gone, list })
    }
    return revoked
  }

  /** Stores all subscriptions once more, where the database has given this instance up. */
  async restore(): Promise<void> {
    for (const who of this.index.subscribers()) {
      for (const [code, ids] of this.index.of(who).entities)
        await this.#registry.add(rowsOf(who, code, [...ids]))
    }
  }
}

const rowsOf = (
  { id: connectionId, user }: Subscriber,
  code: string,
  ids: readonly string[],
): Registered => ({
  userId: user.userId,
  connectionId,
  code,
  ids,
})
