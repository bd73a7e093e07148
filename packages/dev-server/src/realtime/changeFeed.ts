import type { Claims, Context } from '../context.js'
import type { Dispatcher } from './dispatcher.js'
import { parseFilters } from './filters.js'
import type { Binding } from './join.js'
import { checkFilters } from './matching.js'
import type { Receiver, Subscription } from './subscription.js'

/** Why changes do not flow; some reasons may pass by themselves. */
export interface Trouble {
  readonly message: string
  readonly passing: boolean
}

type IdentifiedBinding = Binding & { readonly id: number }

/** What a binding asks for, once it is understood. */
type Asked = Pick<Subscription, 'event' | 'schema' | 'table' | 'filters' | 'select'>

/** The `postgres_changes` of one channel. */
export class ChangeFeed {
  /** The bindings as the client gave them, with the ids by which events name them. */
  readonly answers: readonly IdentifiedBinding[]
  readonly #context: Context
  readonly #dispatcher: Dispatcher
  readonly #receiver: Receiver
  #stops: (() => void)[] = []
  #closed = false

  constructor(context: Context, dispatcher: Dispatcher, bindings: readonly Binding[], receiver: Receiver) {
    this.answers = bindings.map((binding) => ({ ...binding, id: bindingId(binding) }))
    this.#context = context
    this.#dispatcher = dispatcher
    this.#receiver = receiver
  }

  /**
   * Subscribes with these claims, in place of those before. Resolves with what is in the way; then nothing is subscribed.
   */
  async start(claims: Claims): Promise<Trouble | undefined> {
    const subscriptions: Subscription[] = []
    for (const answer of this.answers) {
      const made = await this.#subscriptionOf(answer, claims)
      if ('passing' in made) {
        this.#replace([])
        return { ...made, message: explain(answer, made.message) }
      }
      subscriptions.push(made)
    }
    this.#replace(subscriptions)
    return undefined
  }

  stop(): void {
    this.#closed = true
    this.#replace([])
  }

  #replace(subscriptions: readonly Subscription[]): void {
    for (const stop of this.#stops) stop()
    this.#stops = this.#closed ? [] : subscriptions.map((one) => this.#dispatcher.add(one))
  }

  async #subscriptionOf(answer: IdentifiedBinding, claims: Claims): Promise<Subscription | Trouble> {
    try {
      const asked = askedOf(answer)
      const flows = await (asked.table === '*' ? this.#checkSchema(asked) : this.#checkTable(asked, claims))
      return flows ? { ...asked, id: answer.id, claims, receiver: this.#receiver } : unpublished
    } catch (error) {
      if (error instanceof SyntaxError) return { message: error.message, passing: false }
      throw error
    }
  }

  /** Whether tables of the schema are published. */
  async #checkSchema({ schema, filters, select }: Asked): Promise<boolean> {
    if (filters.length > 0 || select) throw new SyntaxError('filter and select need a table')
    return (await this.#dispatcher.metadata.published(schema)) > 0
  }

  /** Whether the table is published, and has what is asked for. */
  async #checkTable({ schema, table, filters, select }: Asked, claims: Claims): Promise<boolean> {
    const { metadata } = this.#dispatcher
    const facts = await metadata.table(schema, table)
    if (!facts?.published) return false
    const strange = select?.find((name) => !facts.columns.some((column) => column.name === name))
    if (strange !== undefined) throw new SyntaxError(`invalid column for select ${strange}`)
    await checkFilters(this.#context.pool, facts, filters, await metadata.selectable(facts, claims.role))
    return true
  }
}

/** @throws SyntaxError for an event or a filter that is none */
function askedOf({ event, schema, table = '*', filter = '', select }: Binding): Asked {
  if (!/^(\*|INSERT|UPDATE|DELETE)$/.test(event)) throw new SyntaxError(`unknown event ${event}`)
  const chosen = typeof select === 'string' ? select.split(',').map((name) => name.trim()) : select
  return { event, schema, table, filters: filter === '' ? [] : parseFilters(filter), select: chosen }
}

const unpublished: Trouble = {
  message: 'Please check Realtime is enabled for the given connect parameters',
  passing: true,
}

function explain({ event, schema, table = '*', filter = '' }: Binding, message: string): string {
  const parameters = `[event: ${event}, schema: ${schema}, table: ${table}, filters: [${filter}]]`
  return `Unable to subscribe to changes with given parameters. ${message}: ${parameters}`
}

/** Equal bindings have equal ids, as the client expects. FNV-1a over the binding's text, 27 bits. */
function bindingId(binding: Binding): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(JSON.stringify(binding))) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0) & 0x7ffffff
}
