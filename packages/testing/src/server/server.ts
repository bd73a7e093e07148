import type { AnyTable } from '@tidemark/core'
import type { RemoteEvent } from '@tidemark/core'
import { SimDatabase, type Change, type Row, type Transaction, type Version } from './database.js'

/** Who may do what, as row level policies say it. Left out: the owner column alone decides; without one, everybody. */
export interface Policies {
  readonly select?: (user: string, row: Row, rows: RowReader) => boolean
  readonly write?: (user: string, row: Row, rows: RowReader) => boolean
}

/** The rows that a policy can look up. */
export interface RowReader {
  row(table: string, key: Version['key']): Row | undefined
}

export interface ServerOptions {
  readonly tables: readonly AnyTable[]
  readonly policies?: Readonly<Record<string, Policies>>
  /** ms since the epoch. */
  readonly now: () => number
  /** Rows a page at most. */
  readonly pageSize: number
}

interface ClientRecord {
  readonly user: string
  last: number
  readonly refusals: Map<number, { code: string; message: string; table: string; change: number }>
}

/** What a dump of the database holds. */
export interface Backup {
  readonly rows: ReadonlyMap<string, Version>
  readonly clients: ReadonlyMap<string, ClientRecord>
}

/** The simulated server: a database with policies, and what it remembers of its clients. */
export class SimServer {
  readonly database: SimDatabase
  readonly clients = new Map<string, ClientRecord>()
  readonly options: ServerOptions
  readonly #listeners = new Set<(user: (user: string) => readonly RemoteEvent[]) => void>()
  epoch = 'epoch-1'

  constructor(options: ServerOptions) {
    this.options = options
    this.database = new SimDatabase(options.tables)
  }

  /** Whether a user may see a row. */
  sees(user: string, table: string, row: Row, rows: RowReader = this.database): boolean {
    const decide = this.options.policies?.[table]?.select
    return decide ? decide(user, row, rows) : this.#owns(user, table, row)
  }

  /** Whether a user may write a row. */
  writes(user: string, table: string, row: Row, rows: RowReader = this.database): boolean {
    const decide = this.options.policies?.[table]?.write
    return decide ? decide(user, row, rows) : this.sees(user, table, row, rows)
  }

  /** Every row of a table that a user may see, and owns where there is an owner. */
  visible(user: string, table: string): Row[] {
    return this.database
      .all(table)
      .map(({ row }) => row)
      .filter((row) => this.#owns(user, table, row) && this.sees(user, table, row))
  }

  /** Writes a row in a transaction, stamped as its trigger does. */
  put(transaction: Transaction, table: string, row: Row): void {
    const updated_at = new Date(this.options.now()).toISOString()
    transaction.put(table, { ...row, updated_at })
  }

  /** Ends a transaction, and tells everyone who listens what they may see of it. */
  commit(transaction: Transaction): void {
    const changes = transaction.commit()
    for (const tell of this.#listeners) tell((user) => changes.flatMap((change) => this.#event(user, change)))
  }

  /** Everything that is committed now. */
  backUp(): Backup {
    const clients = [...this.clients].map(
      ([id, client]) => [id, { ...client, refusals: new Map(client.refusals) }] as const,
    )
    return { rows: new Map(this.database.rows), clients: new Map(clients) }
  }

  /** Another history begins where the backup was made. */
  restore({ rows, clients }: Backup): void {
    this.database.rows.clear()
    for (const [id, version] of rows) this.database.rows.set(id, version)
    this.database.touches.length = 0
    this.database.scopeEvents.length = 0
    this.clients.clear()
    for (const [id, client] of clients) this.clients.set(id, client)
    this.epoch = `epoch-${Number(this.epoch.slice(6)) + 1}`
  }

  listen(tell: (eventsOf: (user: string) => readonly RemoteEvent[]) => void): () => void {
    this.#listeners.add(tell)
    return () => this.#listeners.delete(tell)
  }

  #owns(user: string, name: string, row: Row): boolean {
    const { owner } = this.database.mustTable(name)
    return owner === undefined || row[owner] === user
  }

  #event(user: string, { table: name, version, id }: Change): RemoteEvent[] {
    if (version)
      return this.#owns(user, name, version.row) && this.sees(user, name, version.row)
        ? [{ type: 'write', table: name, row: version.row }]
        : []
    const { key } = this.database.mustTable(name)
    const parts = key.length === 1 ? [id] : (JSON.parse(id) as string[])
    return [
      {
        type: 'delete',
        table: name,
        key: Object.fromEntries(key.map((column, index) => [column, parts[index]])),
      },
    ]
  }
}
