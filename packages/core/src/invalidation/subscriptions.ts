import type { Subscription } from 'rxjs'
import type { Stop } from '../base/ports.js'
import type { FeedChannel } from '../feeds/channelName.js'

/** What a page shows: one document, or lists of one type. Each also hears what concerns the whole scope. */
export type View =
  | { readonly kind: 'doc'; readonly type: string; readonly id: string }
  | { readonly kind: 'list'; readonly type: string }

interface Entry {
  readonly channel: (factoryId: string) => FeedChannel
  /** How many views need the channel. */
  count: number
  subscription: Subscription | undefined
}

const everyView = { kind: 'factory' } as const

/** The channels that the views of now need, in the scope of now; each is subscribed once. */
export class Subscriptions {
  readonly #subscribe: (channel: FeedChannel) => Subscription
  readonly #entries = new Map<string, Entry>()
  #factoryId: string | undefined

  constructor(subscribe: (channel: FeedChannel) => Subscription) {
    this.#subscribe = subscribe
  }

  /** Subscribes to all again, in a scope that may be another; `undefined`: to nothing. */
  renew(factoryId: string | undefined): void {
    this.#factoryId = factoryId
    for (const entry of this.#entries.values()) this.#open(entry)
  }

  /** @returns what leaves the channels that no other view needs */
  add(views: readonly View[]): Stop {
    const names = [everyView, ...views].map((view) => this.#retain(view))
    return () => {
      for (const name of names.splice(0)) this.#release(name)
    }
  }

  #retain(view: View | typeof everyView): string {
    const name = JSON.stringify(Object.entries(view).sort())
    const known = this.#entries.get(name)
    if (known) known.count += 1
    else {
      const channel = (factoryId: string): FeedChannel => ({ ...view, factoryId })
      const entry: Entry = { channel, count: 1, subscription: undefined }
      this.#entries.set(name, entry)
      this.#open(entry)
    }
    return name
  }

  #open(entry: Entry): void {
    entry.subscription?.unsubscribe()
    entry.subscription =
      this.#factoryId === undefined ? undefined : this.#subscribe(entry.channel(this.#factoryId))
  }

  #release(name: string): void {
    const entry = this.#entries.get(name)
    if (!entry || (entry.count -= 1) > 0) return
    entry.subscription?.unsubscribe()
    this.#entries.delete(name)
  }
}
