import type { Claims, Context } from '../context.js'
import { TokenError } from '../tokens.js'
import type { ChangeData, Dispatcher } from './dispatcher.js'
import { parseFilters } from './filters.js'

export interface ChannelConfig {
  readonly broadcast?: { readonly self?: boolean; readonly ack?: boolean }
  readonly presence?: { readonly key?: string; readonly enabled?: boolean }
  readonly postgres_changes?: readonly Binding[]
  readonly private?: boolean
}

interface Binding {
  readonly event: string
  readonly schema: string
  readonly table?: string
  readonly filter?: string
}

/** How a channel speaks to its client. */
export interface ChannelOut {
  send(event: string, payload: Readonly<Record<string, unknown>>): void
}

/** The longest time between checks of a token, in ms. */
const longest = 5 * 60_000

/**
 * One joined channel of one socket.
 *
 *   joined ── access_token ──► joined, with new claims
 *      └── token expired, phx_leave, socket closed ──► closed
 */
export class Channel {
  readonly topic: string
  readonly joinRef: string | null
  readonly config: ChannelConfig
  claims: Claims
  readonly #context: Context
  readonly #out: ChannelOut
  readonly #closed: () => void
  readonly #stops: (() => void)[] = []
  #expiry: ReturnType<typeof setTimeout> | undefined

  constructor(
    context: Context,
    options: {
      topic: string
      joinRef: string | null
      config: ChannelConfig
      claims: Claims
      out: ChannelOut
      closed: () => void
    },
  ) {
    this.topic = options.topic
    this.joinRef = options.joinRef
    this.config = options.config
    this.claims = options.claims
    this.#context = context
    this.#out = options.out
    this.#closed = options.closed
    this.#watchExpiry()
  }

  get name(): string {
    return this.topic.replace(/^realtime:/, '')
  }

  /** Subscribes the bindings and answers them with their ids, in their order. Throws a `SyntaxError` for a malformed filter. */
  listen(dispatcher: Dispatcher): object[] {
    const bindings = this.config.postgres_changes ?? []
    const parsed = bindings.map(({ filter }) => (filter === undefined ? [] : parseFilters(filter)))
    return bindings.map((binding, index) => {
      const id = bindingId(binding)
      const deliver = (data: ChangeData): void => this.#out.send('postgres_changes', { ids: [id], data })
      const filters = parsed[index] ?? []
      this.#stops.push(
        dispatcher.add({ ...binding, id, table: binding.table, filters, claims: () => this.claims, deliver }),
      )
      return { ...binding, id }
    })
  }

  /** Says that changes flow from now on. */
  announce(): void {
    if ((this.config.postgres_changes ?? []).length === 0) return
    this.#out.send('system', {
      extension: 'postgres_changes',
      status: 'ok',
      message: 'Subscribed to PostgreSQL',
      channel: this.name,
    })
  }

  /** Takes a new token. An old one, or one of the new kind of keys, changes nothing. */
  async renew(token: unknown): Promise<void> {
    if (typeof token !== 'string' || token.startsWith('sb_')) return
    try {
      this.claims = await this.#context.tokens.verify(token)
      this.#watchExpiry()
      this.announce()
    } catch (error) {
      if (!(error instanceof TokenError)) throw error
      this.#shutDown(error.message)
    }
  }

  close(): void {
    clearTimeout(this.#expiry)
    for (const stop of this.#stops.splice(0)) stop()
  }

  #watchExpiry(): void {
    clearTimeout(this.#expiry)
    const { exp } = this.claims
    if (exp === undefined) return
    const left = exp * 1_000 - this.#context.clock()
    if (left <= 0) return this.#shutDown(`Token has expired ${String(Math.round(-left / 1_000))} seconds ago`)
    this.#expiry = setTimeout(() => this.#watchExpiry(), Math.min(longest, left))
    this.#expiry.unref()
  }

  #shutDown(message: string): void {
    this.#out.send('system', { extension: 'system', status: 'error', message, channel: this.name })
    this.#out.send('phx_close', {})
    this.close()
    this.#closed()
  }
}

/** Equal bindings have equal ids, as the client expects. FNV-1a over the binding's text, 27 bits. */
function bindingId(binding: Binding): number {
  let hash = 0x811c9dc5
  for (const letter of JSON.stringify(binding))
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0) & 0x7ffffff
}
