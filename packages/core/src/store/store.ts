import type { Columns } from '../base/json.js'
import type { Stop, TabChannel } from '../base/ports.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import type { Where } from '../query/query.js'
import { keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { carryOut, storesOf, type Commit, type Committed } from './commit.js'
import { system, type Database } from './database.js'
import { GroupCommit } from './groupCommit.js'
import { asked, transact } from './idb.js'
import { append, OutboxLog } from './outboxLog.js'
import { Overlay, type Change } from './overlay.js'
import { readBaseRows, readRows } from './read.js'
import { lookup, readBases, readRecords, readSetAside } from './readPending.js'
import { Graves } from './rows.js'
import { isTabNews, newsOf, type TabNews } from './tabNews.js'

/** A mutation with the server's row that it was made on. */
export interface Written {
  readonly mutation: Mutation
  readonly base: Columns | null
}

export interface StoreListener {
  /** Visible rows that changed, told in the turn in which they did. */
  rows?(changes: readonly Change[]): void
  /** The outbox, the parked mutations or the quarantine changed. */
  outbox?(): void
  /** A read or a write of the database failed. */
  failed?(error: unknown): void
  /** The database works again. */
  recovered?(): void
}

/** Finds a visible row in memory; `undefined`: this finder does not hold it. */
export type Finder = (table: string, id: string) => Columns | undefined

/**
 * The local database of one user in one tab: base rows on disk, the overlay in memory, and the one way to change them.
 *
 * Laws: nothing else writes, nothing else tells of changes; what a commit stores is told after it is stored, what a user
 * writes is told at once and taken back if it cannot be stored (R2); commits and news of other tabs are worked off one after
 * the other, so that listeners hear of row versions in the order in which they were stored.
 */
export class Store {
  readonly tables: ReadonlyMap<string, Table>
  readonly overlay = new Overlay()
  /** Everything parked, oldest first. */
  parked: readonly Parked[] = []
  /** Rows in quarantine. */
  quarantined = 0
  readonly #database: Database
  readonly #channel: TabChannel
  readonly #log = new OutboxLog()
  readonly #graves = new Graves()
  readonly #listeners = new Set<StoreListener>()
  readonly #finders = new Set<Finder>()
  readonly #group = new GroupCommit<Mutation>((mutations) => this.#append(mutations))
  #last: Promise<unknown> = Promise.resolve()
  #failing = false
  readonly #unlisten: Stop

  constructor(database: Database, tables: readonly Table[], channel: TabChannel) {
    this.#database = database
    this.#channel = channel
    this.tables = new Map(tables.map((table) => [table.name, table]))
    // Listened to before the outbox is read: news that comes meanwhile waits in the queue behind the reading.
    this.#unlisten = channel.listen((message) => {
      // A failure has been told to the listeners' `failed` already.
      if (isTabNews(message)) void this.#inOrder(() => this.#hear(message)).catch(() => undefined)
    })
  }

  /** Opens the database and reads what is pending. Resolves when rows can be read. */
  async open(): Promise<void> {
    await this.#inOrder(async () => {
      await this.#database.open()
      await this.#readPending()
    })
  }

  listen(listener: StoreListener): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Lets the store look rows up in what a view holds. */
  addFinder(finder: Finder): Stop {
    this.#finders.add(finder)
    return () => this.#finders.delete(finder)
  }

  /** The visible row if it is in memory: `null` when it is known not to be there, `undefined` when that must be read. */
  peek(table: string, key: Key): Columns | null | undefined {
    const id = keyId(key)
    const known = this.overlay.visible(table, id)
    if (known !== undefined) return known
    for (const find of this.#finders) {
      const row = find(table, id)
      if (row) return row
    }
    return undefined
  }

  /** The visible row, from memory or disk. */
  async load(table: Table, key: Key): Promise<Columns | null> {
    const known = this.peek(table.name, key)
    if (known !== undefined) return known
    const base = await this.#use((db) =>
      asked(
        db
          .transaction(table.name)
          .objectStore(table.name)
          .get(key as IDBValidKey),
      ),
    )
    return this.overlay.visible(table.name, keyId(key)) ?? (base as Columns | undefined) ?? null
  }

  /** All visible rows that match, unordered. */
  read(table: Table, where: Where | undefined): Promise<Columns[]> {
    return this.#use((db) => readRows(db, table, where, this.overlay))
  }

  /** The server's rows that match, without what is pending. */
  readBase(table: Table, where: Where | undefined): Promise<Columns[]> {
    return this.#use((db) => readBaseRows(db, table, where))
  }

  /** A cookie, a held range, or what else was stored under the name. */
  meta(name: string): Promise<unknown> {
    return this.#use((db) => asked(db.transaction(system.meta).objectStore(system.meta).get(name)))
  }

  /** What is stored in the outbox, oldest first. */
  pending(): Mutation[] {
    return this.#log.mutations()
  }

  /**
   * Takes in what the user wrote: visible when this returns, durable when its promise resolves (R2).
   *
   * @throws StorageError when it could not be stored; it is taken back first.
   */
  async write(written: readonly Written[]): Promise<void> {
    const bases = new Map(
      written.map(({ mutation, base }) => [`${mutation.table}/${keyId(mutation.key)}`, base]),
    )
    const mutations = written.map(({ mutation }) => mutation)
    this.#tell(
      this.overlay.add(mutations, (table, key) => bases.get(`${table}/${keyId(key)}`) ?? null),
      true,
    )
    try {
      await this.#group.add(mutations)
    } catch (error) {
      this.#tell(this.overlay.remove(mutations.map(({ id }) => id)), true)
      throw error
    }
  }

  /** Stores a change and tells of it. See `Commit`. */
  commit(commit: Commit): Promise<void> {
    return this.#inOrder(async () => {
      const done = await this.#store(commit)
      const append = commit.append ?? []
      const bases = await this.#bases([...append, ...(done.parked ?? []).map(({ mutation }) => mutation)])
      if (done.seq !== undefined) this.#log.set({ seq: done.seq, mutations: append })
      if (done.quarantined !== undefined) this.quarantined = done.quarantined
      this.#tell(
        [
          ...this.overlay.rebase(done.rows),
          ...this.overlay.add(append, bases),
          // Parked before it is settled, so that the overlay keeps the base of the row that is both.
          ...(done.parked ? this.#setParked(done.parked, bases) : []),
          ...this.#settle(commit.settle ?? []),
        ],
        append.length > 0 ||
          commit.settle !== undefined ||
          done.parked !== undefined ||
          done.quarantined !== undefined,
      )
      this.#channel.post(newsOf(commit, done))
    })
  }

  /** Reads the outbox and every pending row again: for a tab that was frozen and may have missed news. */
  refresh(): Promise<void> {
    return this.#inOrder(() => this.#readPending())
  }

  /** Stops listening and closes the database. */
  close(): void {
    this.#unlisten()
    this.#channel.close()
    this.#database.close()
  }

  /** Deletes the database with everything in it. */
  async destroy(): Promise<void> {
    this.close()
    await this.#database.destroy()
  }

  async #append(mutations: Mutation[]): Promise<void> {
    const seq = await this.#use((db) =>
      transact(db, [system.outbox], 'strict', (tx) => append(tx, mutations)),
    )
    this.#log.set({ seq, mutations })
    this.#channel.post({ type: 'news', added: [seq] } satisfies TabNews)
    this.#tell([], true)
  }

  #store(commit: Commit): Promise<Committed> {
    const cleanQuarantine = this.quarantined > 0
    const stores = storesOf(commit, cleanQuarantine)
    if (stores.length === 0)
      return Promise.resolve({ rows: [], seq: undefined, parked: undefined, quarantined: undefined })
    const seqs = this.#log.seqsOf(new Set(commit.settle))
    // What the user wrote must be on disk; what the server said can be asked for again.
    const durability = commit.append || commit.unpark ? 'strict' : 'relaxed'
    const context = { graves: this.#graves, seqs, cleanQuarantine }
    return this.#use((db) => transact(db, stores, durability, (tx) => carryOut(tx, commit, context)))
  }

  async #hear(news: TabNews): Promise<void> {
    const names = (news.rows ?? []).flatMap(([table, keys]) => keys.map((key) => ({ table, key })))
    const changes = this.overlay.rebase(await this.#use((db) => readBases(db, names)))
    if (news.added) changes.push(...(await this.#readRecords(news.added)))
    changes.push(...this.#settle(news.settled ?? []))
    if (news.parked === true) changes.push(...(await this.#readSetAside()))
    this.#tell(changes, true)
  }

  async #readPending(): Promise<void> {
    const records = await this.#readRecords(undefined)
    this.#tell([...records, ...(await this.#readSetAside())], true)
  }

  /** Takes records of the disk into the overlay; without numbers, what is not on disk any more leaves it. */
  async #readRecords(seqs: readonly number[] | undefined): Promise<Change[]> {
    const records = await this.#use((db) => readRecords(db, seqs))
    const stored = records.flatMap(({ mutations }) => mutations)
    const ids = new Set(stored.map(({ id }) => id))
    const gone = seqs ? [] : this.pending().filter(({ id }) => !ids.has(id))
    for (const record of records) this.#log.set(record)
    const added = stored.filter(({ id }) => !this.overlay.has(id))
    return [...this.overlay.add(added, await this.#bases(added)), ...this.#settle(gone.map(({ id }) => id))]
  }

  async #readSetAside(): Promise<Change[]> {
    const { parked, quarantined } = await this.#use(readSetAside)
    this.quarantined = quarantined
    return this.#setParked(parked, await this.#bases(parked.map(({ mutation }) => mutation)))
  }

  #settle(ids: readonly string[]): Change[] {
    this.#log.settle(new Set(ids))
    return this.overlay.remove(ids)
  }

  #setParked(parked: readonly Parked[], bases: (table: string, key: Key) => Columns | null): Change[] {
    this.parked = [...parked].sort((a, b) => a.at - b.at)
    return this.overlay.setParked(this.parked, bases)
  }

  /** Base rows of mutations that the overlay is about to take in. */
  async #bases(mutations: readonly Mutation[]): Promise<(table: string, key: Key) => Columns | null> {
    const unknown = mutations.filter(({ table, key }) => this.overlay.base(table, keyId(key)) === undefined)
    return unknown.length === 0 ? () => null : lookup(await this.#use((db) => readBases(db, unknown)))
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #use<T>(work: (db: IDBDatabase) => Promise<T>): Promise<T> {
    try {
      const result = await this.#database.use(work)
      if (this.#failing) for (const listener of this.#listeners) listener.recovered?.()
      this.#failing = false
      return result
    } catch (error) {
      this.#failing = true
      for (const listener of this.#listeners) listener.failed?.(error)
      throw error
    }
  }

  #tell(changes: readonly Change[], outbox: boolean): void {
    for (const listener of this.#listeners) {
      if (changes.length > 0) listener.rows?.(changes)
      if (outbox) listener.outbox?.()
    }
  }
}
