import type { AnyTable } from '@tidemark/core'
import { getKey, keyId } from '@tidemark/core/remote'
import type { Snapshot } from './snapshot.js'

export type Row = Readonly<Record<string, unknown>>
type Key = string | number | readonly (string | number)[]

/** A committed version of a row. */
export interface Version {
  readonly table: string
  readonly key: Key
  readonly row: Row
  readonly xid: number
  readonly seq: number
}

/** A key whose row was deleted, or has another owner. */
export interface Touch {
  readonly table: string
  readonly key: Key
  readonly owner: unknown
  readonly xid: number
}

/** A value of a scope whose members may see other rows now. */
export interface ScopeEvent {
  readonly table: string
  readonly column: string
  readonly value: unknown
  readonly owner: unknown
  readonly xid: number
}

export interface Change {
  readonly table: string
  readonly id: string
  /** `null`: deleted. */
  readonly version: Version | null
}

/** A failure by its SQLSTATE. */
export class SqlError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * What of PostgreSQL the synchronisation can notice: transactions with ids that are given at the first write and commit in
 * another order, snapshots, row locks, and the triggers of the kit. Statements see what is committed, and their own
 * transaction's writes.
 */
export class SimDatabase {
  readonly tables: ReadonlyMap<string, AnyTable>
  readonly rows = new Map<string, Version>()
  readonly touches: Touch[] = []
  readonly scopeEvents: ScopeEvent[] = []
  readonly #running = new Map<number, Transaction>()
  #nextXid = 700
  #nextSeq = 1

  constructor(tables: readonly AnyTable[]) {
    this.tables = new Map(tables.map((table) => [table.name, table]))
  }

  begin(): Transaction {
    return new Transaction(this)
  }

  get snapshot(): Snapshot {
    const running = [...this.#running.keys()].sort((a, b) => a - b)
    return { xmin: running[0] ?? this.#nextXid, xmax: this.#nextXid, running }
  }

  mustTable(name: string): AnyTable {
    const table = this.tables.get(name)
    if (!table) throw new SqlError('TM003', `Table '${name}' is not declared.`)
    return table
  }

  /** A committed row. */
  row(table: string, key: Key): Row | undefined {
    return this.rows.get(`${table}/${keyId(key)}`)?.row
  }

  all(table: string): Version[] {
    return [...this.rows.values()].filter((version) => version.table === table)
  }

  /** Gives a transaction its id. */
  enter(transaction: Transaction): number {
    const xid = this.#nextXid
    this.#nextXid += 1
    this.#running.set(xid, transaction)
    return xid
  }

  nextSeq(): number {
    this.#nextSeq += 1
    return this.#nextSeq
  }

  /** Whether another transaction that has not ended has written the row. */
  isLocked(id: string, by: Transaction): boolean {
    return [...this.#running.values()].some((other) => other !== by && other.staged.has(id))
  }

  end(xid: number): void {
    this.#running.delete(xid)
  }
}

/** A transaction. What it writes is seen by others after `commit`. */
export class Transaction {
  readonly staged = new Map<string, Version | null>()
  readonly #database: SimDatabase
  #touches: Touch[] = []
  #scopeEvents: ScopeEvent[] = []
  #xid: number | undefined

  constructor(database: SimDatabase) {
    this.#database = database
  }

  /** Its id; given at the first call. */
  get xid(): number {
    this.#xid ??= this.#database.enter(this)
    return this.#xid
  }

  /** The row as this transaction sees it. */
  row(table: string, key: Key): Row | undefined {
    return this.get(table, key)?.row
  }

  get(table: string, key: Key): Version | undefined {
    const id = `${table}/${keyId(key)}`
    const own = this.staged.get(id)
    return own === undefined ? this.#database.rows.get(id) : (own ?? undefined)
  }

  /** @throws SqlError 40001 when another transaction holds the row */
  put(name: string, row: Row): Version {
    const table = this.#database.mustTable(name)
    const key = getKey(table.key, row)
    if (key === undefined) throw new SqlError('23502', `The key of '${name}' is null.`)
    const old = this.get(name, key)
    this.#lock(`${name}/${keyId(key)}`)
    const version: Version = { table: name, key, row, xid: this.xid, seq: this.#database.nextSeq() }
    this.staged.set(`${name}/${keyId(key)}`, version)
    const owner = table.owner
    if (old && owner !== undefined && old.row[owner] !== row[owner]) this.#touch(old, owner)
    this.#scopes(name, old?.row, row)
    return version
  }

  /** @throws SqlError 40001 when another transaction holds the row */
  remove(name: string, key: Key): boolean {
    const old = this.get(name, key)
    if (!old) return false
    this.#lock(`${name}/${keyId(key)}`)
    this.staged.set(`${name}/${keyId(key)}`, null)
    this.#touch(old, this.#database.mustTable(name).owner)
    this.#scopes(name, old.row, undefined)
    return true
  }

  commit(): Change[] {
    const changes = [...this.staged].map(([id, version]) => ({
      table: id.slice(0, id.indexOf('/')),
      id: id.slice(id.indexOf('/') + 1),
      version,
    }))
    for (const [id, version] of this.staged)
      if (version) this.#database.rows.set(id, version)
      else this.#database.rows.delete(id)
    this.#database.touches.push(...this.#touches)
    this.#database.scopeEvents.push(...this.#scopeEvents)
    this.rollback()
    return changes
  }

  rollback(): void {
    this.staged.clear()
    this.#touches = []
    this.#scopeEvents = []
    if (this.#xid !== undefined) this.#database.end(this.#xid)
  }

  /** A subtransaction: when `work` throws, nothing of it stays. */
  attempt<T>(work: () => T): T {
    const before = {
      staged: new Map(this.staged),
      touches: [...this.#touches],
      events: [...this.#scopeEvents],
    }
    try {
      return work()
    } catch (error) {
      this.staged.clear()
      for (const [id, version] of before.staged) this.staged.set(id, version)
      this.#touches = before.touches
      this.#scopeEvents = before.events
      throw error
    }
  }

  #lock(id: string): void {
    if (this.#database.isLocked(id, this)) throw new SqlError('40001', 'Another transaction holds the row.')
  }

  #touch({ table, key, row }: Version, owner: string | undefined): void {
    this.#touches.push({ table, key, owner: owner === undefined ? null : row[owner], xid: this.xid })
  }

  /** As the kit's triggers on membership tables do. */
  #scopes(name: string, old: Row | undefined, row: Row | undefined): void {
    const members = this.#database.mustTable(name)
    for (const table of this.#database.tables.values())
      for (const scope of table.scopes)
        if (scope.table === name)
          for (const member of [old, row])
            if (member)
              this.#scopeEvents.push({
                table: table.name,
                column: scope.on ?? table.key[0] ?? '',
                value: member[scope.column],
                owner: members.owner === undefined ? null : member[members.owner],
                xid: this.xid,
              })
  }
}
