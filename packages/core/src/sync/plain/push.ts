import { TidemarkError, toErrorRecord, type ErrorRecord } from '../../base/errors.js'
import type { Columns } from '../../base/json.js'
import { coalesce, type Outgoing } from '../../outbox/coalesce.js'
import type { Mutation } from '../../outbox/mutation.js'
import { defaultLimits, nextRequest, type PushRequest, type RequestLimits } from '../../outbox/requests.js'
import { RemoteError } from '../../remote/errors.js'
import { keyColumns, keyId, rowId, type Key } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import { decodeRows } from '../decode.js'
import { outdated, resolveConflict } from '../conflict.js'
import { parkingOf } from '../park.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { fetchRows } from './sweep.js'

/** What a request that changed nothing means. */
const hidden = toErrorRecord(new TidemarkError('hidden'), 'hidden')

/** A duplicate key: SQLSTATE unique_violation. */
const duplicate = '23505'

/**
 * Sends mutations in plain mode, in the client's order.
 *
 * Laws: a mutation leaves the outbox in the transaction that stores the row it became (R4), or with its error among the
 * parked ones (R5); a refusal stops nothing but what depends on it. Every request may be repeated after a lost answer:
 * inserts are known by their keys, updates and deletes say the same thing twice.
 *
 * @throws RemoteError of kind `retry` or `sign-in`; what is left stays in the outbox.
 */
export class PlainPusher {
  readonly #context: ProtocolContext
  /** Ids of what the server may have: its answer was lost, or it was written before this tab led, and another may have sent it. */
  readonly #maySent: Set<string>
  #limits: RequestLimits = defaultLimits

  constructor(context: ProtocolContext) {
    this.#context = context
    this.#maySent = new Set(context.store.pending().map(({ id }) => id))
  }

  /** Makes the next request of the queue, and stores what became of it. */
  async next(queue: readonly Mutation[]): Promise<void> {
    const { outgoing, gone } = coalesce(queue, this.#maySent)
    if (gone.length > 0) await this.#context.store.commit({ settle: gone.map(({ id }) => id) })
    const request = nextRequest(outgoing, this.#limits)
    if (request && !(await this.#conflicts(request))) await this.#send(request)
  }

  /** Brings the row under an update that must not overwrite it unseen; true when that changed what is to be sent. */
  async #conflicts({ table: name, op, entries }: PushRequest): Promise<boolean> {
    const [entry] = entries
    const table = this.#table(name)
    if (!entry || op === 'insert' || table.conflict === 'merge') return false
    const [row] = await fetchRows(this.#context, table, [entry.key])
    if (row) await this.#store(table, [], [row], [])
    if (row && outdated(table, entry, row)) await this.#store(table, [entry], [row], [])
    else return resolveConflict(this.#context, table, entry)
    return true
  }

  async #send(request: PushRequest): Promise<void> {
    try {
      await this.#settle(request, await this.#ask(request))
      this.#limits = defaultLimits
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error
      if (error.kind === 'refused') await this.#refused(request, error)
      else if (error.tooLarge && request.entries.length > 1) this.#halve(request)
      else if (error.tooLarge) await this.#park(request.entries[0], toErrorRecord(error, 'refused'))
      else {
        for (const { mutations } of request.entries) for (const { id } of mutations) this.#maySent.add(id)
        throw error
      }
    }
  }

  #ask({ table: name, op, entries }: PushRequest): Promise<Columns[]> {
    const { remote } = this.#context
    const table = this.#table(name)
    const keys = entries.map(({ key }) => key)
    if (op === 'insert')
      return remote.insert(
        table,
        entries.map(({ columns }) => columns),
      )
    if (op === 'delete') return remote.remove(table, keys)
    return remote.update(table, keys, entries[0]?.columns ?? {})
  }

  /** Stores what the server answered, and parks what it hides from this user. */
  async #settle(request: PushRequest, answer: readonly Columns[]): Promise<void> {
    const table = this.#table(request.table)
    const untouched = await this.#untouched(table, request, answer)
    const done = request.entries.filter((entry) => !untouched.includes(entry))
    const isDelete = request.op === 'delete'
    await this.#store(table, done, isDelete ? [] : answer, isDelete ? done.map(({ key }) => key) : [])
    for (const entry of untouched) await this.#park(entry, hidden)
  }

  /**
   * Entries whose rows the server did not touch: hidden, or gone. A delete of a row that is gone has done what was wanted; a
   * row that can still be read is hidden from deletion only.
   */
  async #untouched(
    table: Table,
    { op, entries }: PushRequest,
    answer: readonly Columns[],
  ): Promise<Outgoing[]> {
    if (op === 'insert') return []
    const answered = idsOf(table, answer)
    const silent = entries.filter(({ key }) => !answered.has(keyId(key)))
    if (op === 'update' || silent.length === 0) return silent
    const alive = idsOf(
      table,
      await fetchRows(
        this.#context,
        table,
        silent.map(({ key }) => key),
      ),
    )
    return silent.filter(({ key }) => alive.has(keyId(key)))
  }

  /** One of them was refused: halves find out which, and the others go through. */
  async #refused(request: PushRequest, error: RemoteError): Promise<void> {
    const [entry, ...others] = request.entries
    if (!entry) return
    if (others.length > 0) {
      const middle = Math.ceil(request.entries.length / 2)
      await this.#send({ ...request, entries: request.entries.slice(0, middle) })
      await this.#send({ ...request, entries: this.#still(request.entries.slice(middle)) })
    } else if (request.op === 'insert' && error.serverCode === duplicate)
      await this.#alreadyThere(entry, error)
    else await this.#park(entry, toErrorRecord(error, 'refused'))
  }

  /**
   * The key exists: our own insert whose answer was lost, with or without what was written after it, which is sent by itself;
   * or, where several devices make the same key (a composite one), somebody else's row, on which ours becomes an update. Any
   * other unique constraint is a refusal.
   */
  async #alreadyThere(entry: Outgoing, error: RemoteError): Promise<void> {
    const table = this.#table(entry.table)
    const [row] = await fetchRows(this.#context, table, [entry.key])
    if (!row) return this.#park(entry, toErrorRecord(error, 'refused'))
    const keyed = keyColumns(table.key, entry.key)
    const columns = Object.fromEntries(Object.entries(entry.columns).filter(([name]) => !(name in keyed)))
    const shared = table.key.length > 1 && Object.keys(columns).length > 0
    if (shared)
      await this.#send({ table: entry.table, op: 'update', entries: [{ ...entry, op: 'update', columns }] })
    else await this.#store(table, [{ ...entry, mutations: entry.mutations.slice(0, 1) }], [row], [])
  }

  async #store(
    table: Table,
    entries: readonly Outgoing[],
    answer: readonly Columns[],
    remove: readonly Key[],
  ): Promise<void> {
    if (entries.length === 0 && answer.length === 0) return
    const { store, ports } = this.#context
    const { rows, quarantine } = decodeRows(table, answer, ports.now())
    await store.commit({
      rows: [{ table, put: rows, remove }],
      settle: entries.flatMap(({ mutations }) => mutations.map(({ id }) => id)),
      quarantine,
    })
  }

  async #park(entry: Outgoing | undefined, error: ErrorRecord): Promise<void> {
    const { store, ports } = this.#context
    if (entry) await store.commit(parkingOf(entry, error, store.pending(), ports.now()))
  }

  /** Those that have not been parked with another one meanwhile. */
  #still(entries: readonly Outgoing[]): Outgoing[] {
    const pending = new Set(this.#context.store.pending().map(({ id }) => id))
    return entries.filter(({ mutations }) => mutations.every(({ id }) => pending.has(id)))
  }

  #halve({ entries }: PushRequest): void {
    this.#limits = { rows: Math.max(1, Math.floor(entries.length / 2)), bytes: defaultLimits.bytes }
  }

  #table(name: string): Table {
    const table = this.#context.store.tables.get(name)
    // A mutation of a table that this version of the app does not declare any more: it waits for one that does.
    if (!table)
      throw new RemoteError({
        kind: 'retry',
        status: 0,
        message: `Table '${name}' is not declared in this version of the app.`,
      })
    return table
  }
}

const idsOf = (table: Table, rows: readonly Columns[]): Set<string> =>
  new Set(rows.map((row) => rowId(table, row)))
