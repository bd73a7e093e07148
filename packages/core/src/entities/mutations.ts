import type { Columns } from '../base/json.js'
import type { Cache } from './cache.js'
import { decodeEntity, encodeColumns, entityId, idOf } from './entityType.js'
import type { Asking, Fetched } from './fetcher.js'
import { goneOr, isGone } from './origins.js'
import type { Patch } from './overlay.js'
import type { EntitySession } from './session.js'
import { within } from './within.js'

/** How a write is made. */
export interface WriteOptions {
  /** What the server called the state that the write is based on; when it has changed, the write is refused with 412. */
  readonly tag?: string | undefined
}

/** Writes entities of one type. Every method rejects with a `RemoteError` when the server refuses or does not answer. */
export interface EntityMutation<Row> {
  /** Resolves with the row as the server has it. @throws ValidationError */
  create(values: Partial<Row>): Promise<Row>
  /** Shows at once, and is taken back when it fails. Resolves with the row as the server has it. @throws ValidationError */
  update(id: string, patch: Partial<Row>, options?: WriteOptions): Promise<Row>
  /** Disappears at once, and comes back when it fails. */
  remove(id: string, options?: WriteOptions): Promise<void>
}

/** What a write is, apart from how it is sent. */
interface Write {
  readonly code: string
  readonly id: string
  readonly patch: Patch
}

/** Writes of all entities: shown at once, sent in order for each entity. */
export class Mutations {
  readonly #cache: Cache
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(cache: Cache) {
    this.#cache = cache
  }

  of(code: string): EntityMutation<Columns> {
    return {
      create: (values) => this.#create(code, values),
      update: async (id, patch, options) =>
        decodeEntity(code, this.#cache.typeOf(code), (await this.update(code, id, patch, options)).data),
      remove: (id, options) => this.#remove(code, id, options),
    }
  }

  /** Resolves with what the server says of the row now. */
  async update(
    code: string,
    id: string,
    patch: Columns,
    { tag }: WriteOptions = {},
  ): Promise<Fetched<Columns>> {
    const { fetcher } = this.#cache.options
    const encoded = encodeColumns(code, this.#cache.typeOf(code), patch)
    return this.#write({ code, id, patch }, (asking) => fetcher.update(code, id, encoded, { ...asking, tag }))
  }

  async #create(code: string, values: Columns): Promise<Columns> {
    const { options, mustSession: session } = this.#cache
    const type = this.#cache.typeOf(code)
    const encoded = encodeColumns(code, type, values)
    const created = await this.#ask((asking) => options.fetcher.create(code, encoded, asking))
    this.#answered(session, code, idOf(type, created.data), created)
    return decodeEntity(code, type, created.data)
  }

  async #remove(code: string, id: string, { tag }: WriteOptions = {}): Promise<void> {
    const { fetcher } = this.#cache.options
    // What is gone already needs no deleting.
    await this.#write({ code, id, patch: null }, (asking) =>
      fetcher.remove(code, id, { ...asking, tag }).then(() => 'gone' as const, goneOr),
    )
  }

  /** Shows a write, sends it after those of the same entity, and takes it back in the turn in which its answer shows. */
  async #write<A extends Fetched<Columns> | 'gone'>(
    write: Write,
    send: (asking: Asking) => Promise<A>,
  ): Promise<A> {
    const { code, id, patch } = write
    const session = this.#cache.mustSession
    const takeBack = this.#cache.overlay.add(code, id, patch)
    try {
      const answer = await this.#after(entityId(code, id), () => this.#ask(send))
      this.#answered(session, code, id, answer)
      return answer
    } catch (error) {
      if (this.#cache.session === session) this.#failed(write, error)
      throw error
    } finally {
      takeBack()
    }
  }

  /** Takes in what the server said, unless another user is signed in by now. */
  #answered(session: EntitySession, code: string, id: string, answer: Fetched<Columns> | 'gone'): void {
    if (this.#cache.session !== session) return
    this.#cache.put(code, id, answer)
    this.#cache.invalidateLists(code)
  }

  /** Nobody knows what has become of a write that was not answered, and a refusal may mean that there is something new. */
  #failed({ code, id }: Write, error: unknown): void {
    if (isGone(error)) this.#cache.put(code, id, 'gone')
    else this.#cache.shown(code, id)?.invalidate()
  }

  #ask<A>(send: (asking: Asking) => Promise<A>): Promise<A> {
    return within(this.#cache.options.ports, new AbortController(), (signal) => send({ signal }))
  }

  #after<A>(key: string, work: () => Promise<A>): Promise<A> {
    const last = this.#last.get(key) ?? Promise.resolve()
    const done = last.then(work, work).finally(() => {
      if (this.#last.get(key) === done) this.#last.delete(key)
    })
    this.#last.set(key, done)
    return done
  }
}
