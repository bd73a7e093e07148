import { inOrder } from '../base/inOrder.js'
import type { Mutation } from '../outbox/mutation.js'
import type { Protocol, ProtocolContext, SyncMode, Thoroughness } from '../remote/protocol.js'
import type { RemoteEvent } from '../remote/remote.js'
import { ExactPuller } from './exact/exact.js'
import { ExactPusher } from './exact/push.js'
import { readAcknowledged } from './exact/state.js'
import { hearEvents } from './plain/hear.js'
import { pullPlain } from './plain/plain.js'
import { PlainPusher } from './plain/push.js'

/** Mutations that are looked at together: more would not fit into a few requests anyway. */
const reach = 1_000

/** Synchronises in exact mode the tables for which the server has it, and the others in plain mode. */
export const syncProtocol = (context: ProtocolContext): Protocol => new BothModes(context)

class BothModes implements Protocol {
  readonly #context: ProtocolContext
  readonly #puller: ExactPuller
  readonly #exact: ExactPusher
  readonly #plain: PlainPusher
  /** A pull goes on where a failure has interrupted it, so there is one at a time, whichever loop needs it. */
  readonly #pulls = inOrder()

  constructor(context: ProtocolContext) {
    this.#context = context
    this.#puller = new ExactPuller(context)
    this.#exact = new ExactPusher(context)
    this.#plain = new PlainPusher(context)
  }

  get modes(): Readonly<Record<string, SyncMode>> {
    const names = [...this.#context.store.tables.keys()]
    return Object.fromEntries(names.map((name) => [name, this.#isExact(name) ? 'exact' : 'plain']))
  }

  async pull(thoroughness: Thoroughness): Promise<void> {
    await this.#pulls(() => this.#puller.pull(thoroughness > 0, thoroughness > 1))
    const plain = [...this.#context.store.tables.values()].filter(({ name }) => !this.#isExact(name))
    await pullPlain(this.#context, plain, thoroughness > 0)
  }

  async push(): Promise<void> {
    while (this.#context.store.hasPending && (await this.#pushNext()));
  }

  /** Makes one request; false when nothing more can be sent now. */
  async #pushNext(): Promise<boolean> {
    // In which mode the outbox is sent must be known first.
    if (!this.#isKnown()) await this.#pulls(() => this.#ask())
    const queue = await this.#front()
    const [first] = queue
    if (!this.#hasExact()) await this.#exact.ground()
    if (!first || this.#isExact(first.table)) return this.#hasExact() && this.#exact.next(queue)
    await this.#plain.next(queue)
    return true
  }

  /** A pull that ran meanwhile may have asked already. */
  async #ask(): Promise<void> {
    if (!this.#isKnown()) await this.#puller.pull(true, false)
  }

  #isKnown(): boolean {
    return !this.#context.remote.exact || this.#puller.tables !== undefined
  }

  #hasExact(): boolean {
    return (this.#puller.tables?.size ?? 0) > 0
  }

  /** In exact mode an event is a hint: the pull brings the row, and everything that was committed before it. */
  async hear(events: readonly RemoteEvent[]): Promise<void> {
    // As long as the modes are not known, too.
    const plain = this.#isKnown() ? events.filter(({ table }) => !this.#isExact(table)) : []
    if (plain.length < events.length) this.#context.pullSoon()
    await hearEvents(this.#context, plain)
  }

  #isExact(table: string): boolean {
    return this.#puller.tables?.has(table) ?? false
  }

  /** The mutations at the front of the outbox that go the same way, without those that the server has applied. */
  async #front(): Promise<Mutation[]> {
    const { store } = this.#context
    const applied = new Set((await readAcknowledged(store)).flatMap(({ ids }) => ids))
    const queue = store.pending().filter(({ id }) => !applied.has(id))
    const exact = this.#isExact(queue[0]?.table ?? '')
    const end = queue.findIndex(({ table }) => this.#isExact(table) !== exact)
    return queue.slice(0, Math.min(end === -1 ? queue.length : end, reach))
  }
}
