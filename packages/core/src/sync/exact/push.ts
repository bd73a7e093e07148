import { toErrorRecord, type ErrorRecord } from '../../base/errors.js'
import type { Columns } from '../../base/json.js'
import type { Mutation } from '../../outbox/mutation.js'
import { RemoteError } from '../../remote/errors.js'
import type { ExactPushAnswer, ExactResult } from '../../remote/exact.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { keyId, type Key } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import type { Commit } from '../../store/commit.js'
import type { TableRows } from '../../store/rows.js'
import { parkingOf } from '../park.js'
import { nextFlight } from './flight.js'
import { markedRows, seqOf } from './mark.js'
import { names, type Acknowledged, type ClientState, type Flight, type Flying } from './state.js'

/** The server answers that a client's id is another user's. */
const otherUsersClient = 'TM004'

/** What became of a mutation; `result` is left out when the server stopped before it. */
interface End {
  readonly flying: Flying
  readonly result: ExactResult | undefined
}

type Refused = Extract<ExactResult, { status: 'refused' }>

/**
 * Sends mutations in exact mode, in the client's order.
 *
 * Laws: what is sent was written to the disk with its numbers before, and is sent again as it was until an answer has come, so
 * that it takes effect once; an applied mutation stays in the outbox until a pull has brought its transaction (R4), a
 * refused one is parked (R5); a conflict sends everything from it on back to the outbox, unsent; what the server has in its way
 * is asked for again only when something was learned of it.
 */
export class ExactPusher {
  readonly #context: ProtocolContext
  /** Mutations that one request may carry. */
  #most = Infinity

  constructor(context: ProtocolContext) {
    this.#context = context
  }

  /**
   * Sends what was being sent, or else takes from the front of the queue. Resolves with false when nothing of the queue can be
   * sent before the next pull.
   *
   * @throws RemoteError
   */
  async next(queue: readonly Mutation[]): Promise<boolean> {
    const { store } = this.#context
    const flight = (await store.meta(names.flight)) as Flight | undefined
    if (flight) await this.#send(flight)
    else return nextFlight(this.#context, queue)
    return true
  }

  /** What is on its way goes back to the outbox: the server has no exact mode any more. */
  async ground(): Promise<void> {
    const { store } = this.#context
    if (await store.meta(names.flight)) await store.commit({ meta: { [names.flight]: undefined } })
  }

  async #send(flight: Flight): Promise<void> {
    const batch = flight.mutations.slice(0, this.#most)
    const mutations = batch.map(({ changes }, index) => ({ id: flight.first + index, changes }))
    try {
      const answer = await this.#context.remote.exact?.push(flight.client, mutations)
      if (answer) await this.#answered(flight, batch, answer)
      this.#most = Infinity
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      await this.#failed(flight, batch, error)
    }
  }

  async #failed(flight: Flight, batch: readonly Flying[], error: RemoteError): Promise<void> {
    if (error.serverCode === otherUsersClient) return this.#newClient(flight)
    const impossible = error.kind === 'refused' || error.tooLarge
    // An answer that did not come in time may mean that it is too much for the server.
    if (impossible || isTimeout(error)) this.#most = Math.ceil(batch.length / 2)
    if (!impossible) throw error
    const [only, ...others] = batch
    if (!only || others.length > 0) return
    // This one cannot even be asked for.
    await this.#store(flight, {
      ...this.#park(only, 0, toErrorRecord(error, 'refused'), new Set(idsOf(flight.mutations.slice(1)))),
      meta: { [names.flight]: undefined },
    })
  }

  /** The server does not know this client, or not as far: it was restored, or forgot. What is sent begins anew. */
  async #newClient(flight: Flight): Promise<void> {
    const client: ClientState = { id: this.#context.ports.uuid(), next: 1 }
    await this.#store(flight, { meta: { [names.flight]: undefined, [names.client]: client }, strict: true })
  }

  async #answered(flight: Flight, batch: readonly Flying[], answer: ExactPushAnswer): Promise<void> {
    if (answer.gap !== undefined) return this.#newClient(flight)
    const results = new Map(answer.results.map((result) => [result.id, result]))
    const ends: End[] = batch.map((flying, index) => ({ flying, result: results.get(flight.first + index) }))
    const applied = ends.filter(({ result }) => result?.status === 'applied').map(({ flying }) => flying)
    const conflict = ends.some(({ result }) => result?.status === 'conflict')
    const done = ends.filter(({ result }) => result && result.status !== 'conflict').length
    const rest = conflict ? [] : flight.mutations.slice(done)
    const next = flight.first + done
    const ids = idsOf(applied)
    const acknowledged = (known: readonly Acknowledged[] = []) =>
      ids.length === 0 ? known : [...known, { epoch: answer.epoch, xid: answer.xid, ids }]
    await this.#store(flight, {
      ...this.#refusals(flight, ends),
      ...this.#conflicting(ends),
      meta: {
        [names.flight]: rest.length > 0 ? { ...flight, first: next, mutations: rest } : undefined,
        [names.client]: { id: flight.client, next } satisfies ClientState,
        [names.acknowledged]: acknowledged,
      },
    })
    const learned = !ends.some((end) => this.#isAsBefore(end))
    this.#context.pullSoon(learned ? 0 : 2)
    if (!learned) throw new RemoteError({ status: 503, message: 'Both sides are compared first.' })
  }

  /**
   * Whether the row in the way has changed nothing here: it is older than ours, since the server was set back, or it does not fit.
   * The same would be sent, and be in conflict, for ever.
   */
  #isAsBefore(end: End): boolean {
    const { change } = conflictOf(end) ?? {}
    if (change?.seq === undefined) return false
    return seqOf(this.#context.store.overlay.base(change.table, keyId(change.key))) === change.seq
  }

  /** The row that is in the way is what the conflict is decided on. */
  #conflicting(ends: readonly End[]): Pick<Commit, 'rows'> {
    const rows = ends.flatMap((end) => {
      const { change, row = null } = conflictOf(end) ?? {}
      const table = change && this.#context.store.tables.get(change.table)
      return table ? [this.#inTheWay(table, change.key, row)] : []
    })
    return rows.length > 0 ? { rows } : {}
  }

  /** Its hash is not known: the pull that follows brings it. */
  #inTheWay(table: Table, key: Key, row: Columns | null): TableRows {
    if (!row) return { table, remove: [key] }
    return { table, put: markedRows(table, { rows: [row], hashes: [] }, this.#context.ports.now()).rows }
  }

  /** Parks what was refused. What depends on it waits with it, unless it is on its way itself and was not refused. */
  #refusals(flight: Flight, ends: readonly End[]): Pick<Commit, 'park' | 'settle'> {
    const refused = ends.filter(({ result }) => result?.status === 'refused').map(({ flying }) => flying)
    const back = new Set(idsOf(refused))
    const gone = new Set(idsOf(flight.mutations).filter((id) => !back.has(id)))
    const parkings = ends.flatMap(({ flying, result }) => {
      if (result?.status !== 'refused' || idsOf([flying]).some((id) => gone.has(id))) return []
      const parking = this.#park(flying, result.error.change ?? 0, refusal(result), gone)
      for (const id of parking.settle) gone.add(id)
      return [parking]
    })
    if (parkings.length === 0) return {}
    return {
      park: parkings.flatMap(({ park }) => park),
      settle: parkings.flatMap(({ settle }) => settle),
    }
  }

  #park(flying: Flying, change: number, error: ErrorRecord, without: ReadonlySet<string>) {
    const { store, ports } = this.#context
    const pending = store.pending().filter(({ id }) => !without.has(id))
    const own = new Set(flying.ids[change] ?? flying.ids[0])
    const mutations = pending.filter(({ id }) => own.has(id))
    return parkingOf({ mutations }, error, pending, ports.now())
  }

  /** Stored only while this is what is on its way: another leader may have had the answer as well (R9). */
  async #store(flight: Flight, commit: Commit): Promise<void> {
    await this.#context.store.commit({ ...commit, when: [names.flight, flight] })
  }
}

/** The change that a row is in the way of, and that row; `undefined` when there is none. */
const conflictOf = ({ flying, result }: End) =>
  result?.status === 'conflict' ? { change: flying.changes[result.change], row: result.row } : undefined

const idsOf = (flying: readonly Flying[]): string[] => flying.flatMap(({ ids }) => ids.flat())

const isTimeout = ({ status, serverCode, cause }: RemoteError): boolean =>
  status === 504 || serverCode === '57014' || (cause as Error | undefined)?.name === 'TimeoutError'

const refusal = ({ error: { code, message } }: Refused): ErrorRecord => ({
  code: code === 'TM001' ? 'hidden' : 'refused',
  message,
  status: 200,
  serverCode: code,
})
