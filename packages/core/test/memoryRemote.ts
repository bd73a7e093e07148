import { BehaviorSubject } from 'rxjs'
import type {
  ChannelSink,
  Protocol,
  ProtocolContext,
  Remote,
  RemoteEvent,
  SelectRequest,
  SessionUser,
} from '../src/index.js'
import { RemoteError, type Table } from '../src/index.js'
import { syncProtocol } from '../src/sync/protocol.js'
import { compileOrder } from '../src/query/order.js'
import { compilePredicate } from '../src/query/predicate.js'
import { getKey, keyId, type Key } from '../src/schema/key.js'

type Row = Record<string, unknown>

/**
 * A server of the smallest kind, for faults that a real one does not make on request: each call can be refused, lost, or held.
 */
export class MemoryRemote implements Remote {
  readonly protocol = (context: ProtocolContext): Protocol => syncProtocol(context)
  readonly id = 'https://memory.test'
  readonly session$ = new BehaviorSubject<SessionUser>('user-a')
  readonly tables = new Map<string, Map<string, Row>>()
  /** Every request, for counting. */
  readonly requests: string[] = []
  readonly sinks = new Set<ChannelSink>()
  /** Runs before a request is carried out; throws to refuse it. */
  before: (method: string, table: string, body: unknown) => Promise<void> | void = () => undefined
  /** Runs after a request was carried out; throws to lose the answer. */
  after: (method: string, table: string) => Promise<void> | void = () => undefined
  refreshes = 0
  #clock = Date.parse('2026-01-01T00:00:00Z')

  rows(table: string): Map<string, Row> {
    const rows = this.tables.get(table) ?? new Map<string, Row>()
    this.tables.set(table, rows)
    return rows
  }

  /** Writes a row as another client would, and tells the channels of it. */
  put(table: Table, row: Row, tell = true): Row {
    const stored = { ...row, updated_at: this.stamp() }
    this.rows(table.name).set(this.#id(table, row), stored)
    if (tell) this.#tell({ type: 'write', table: table.name, row: stored })
    return stored
  }

  drop(table: Table, key: Key, tell = true): void {
    const row = this.rows(table.name).get(keyId(key))
    this.rows(table.name).delete(keyId(key))
    if (row && tell)
      this.#tell({
        type: 'delete',
        table: table.name,
        key: Object.fromEntries(table.key.map((name) => [name, row[name]])),
      })
  }

  stamp(): string {
    this.#clock += 1_000
    return new Date(this.#clock).toISOString()
  }

  select = ({ table, where, order, after, limit }: SelectRequest): Promise<Row[]> =>
    this.#call('select', table, where, () => {
      const compare = compileOrder(
        order.map(([column, direction]) => ({ [column]: direction })),
        table.key,
      )
      const later = after && compileOrder(Object.keys(after), [])
      return [...this.rows(table.name).values()]
        .filter(compilePredicate(where))
        .filter((row) => !later || later(row, after) > 0)
        .sort(compare)
        .slice(0, limit)
    })

  insert = (table: Table, rows: readonly Row[]): Promise<Row[]> =>
    this.#call('insert', table, rows, () => {
      if (rows.some((row) => this.rows(table.name).has(this.#id(table, row))))
        throw new RemoteError({ status: 409, serverCode: '23505', message: 'duplicate key' })
      return rows.map((row) => this.put(table, row))
    })

  update = (table: Table, keys: readonly Key[], patch: Row): Promise<Row[]> =>
    this.#call('update', table, patch, () =>
      keys.flatMap((key) => {
        const row = this.rows(table.name).get(keyId(key))
        return row ? [this.put(table, { ...row, ...patch })] : []
      }),
    )

  remove = (table: Table, keys: readonly Key[]): Promise<Row[]> =>
    this.#call('remove', table, keys, () =>
      keys.flatMap((key) => {
        const row = this.rows(table.name).get(keyId(key))
        this.drop(table, key)
        return row ? [row] : []
      }),
    )

  channel = (_name: string, _tables: unknown, sink: ChannelSink) => {
    this.sinks.add(sink)
    queueMicrotask(() => sink.state('joined'))
    return () => this.sinks.delete(sink)
  }

  refresh = (): Promise<boolean> => {
    this.refreshes += 1
    return Promise.resolve(false)
  }

  async #call(method: string, table: Table, body: unknown, work: () => Row[]): Promise<Row[]> {
    this.requests.push(`${method} ${table.name}`)
    await this.before(method, table.name, body)
    const answer = structuredClone(work())
    await this.after(method, table.name)
    return answer
  }

  #id(table: Table, row: Row): string {
    return keyId(getKey(table.key, row) ?? '')
  }

  #tell(event: RemoteEvent): void {
    for (const sink of this.sinks) sink.event(structuredClone(event))
  }
}

export const offline = (): RemoteError => new RemoteError({ status: 0, message: 'Failed to fetch' })
export const refused = (serverCode = '23514'): RemoteError =>
  new RemoteError({ status: 400, serverCode, message: 'violates check constraint' })
export const expired = (): RemoteError =>
  new RemoteError({ status: 401, serverCode: 'PGRST303', message: 'JWT expired' })
