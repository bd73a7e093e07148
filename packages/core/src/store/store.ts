import { inOrder } from '../base/inOrder.js'
import type { Columns } from '../base/json.js'
import type { Stop, TabChannel } from '../base/ports.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import type { Where } from '../query/query.js'
import { keyId, type Key } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import { carryOut, nothingDone, storesOf, type Commit, type Committed } from './commit.js'
import { system, type Database } from './database.js'
import { GroupCommit } from './groupCommit.js'
import { Listeners, type StoreListener } from './listeners.js'
import { asked, transact } from './idb.js'
import { append } from './outboxLog.js'
import type { Overlay } from './overlay.js'
import { PendingState } from './pendingState.js'
import { readRows } from './read.js'
import { readBases } from './readPending.js'
import { fit, isFull } from './room.js'
import { Graves } from './rows.js'
import { isTabNews, newsOf, type TabNews } from './tabNews.js'

/** A mutation with the server's row that it was made on. */
export interface Written {
  readonly mutation: Mutation
  readonly base: Columns | null
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
  /** Looks rows up in what the views hold. */
  finder: Finder = () => undefined
  /** Lets rows go that are not needed, and resolves with their number. */
  makeRoom: () => Promise<number> = () => Promise.resolve(0)
  readonly #database: Database
  readonly #channel: TabChannel
  readonly #graves = new Graves()
  readonly #state = new PendingState((work) => this.#use(work))
  readonly #listeners = new Listeners()
  readonly #group = new GroupCommit<Mutation>((mutations) => this.#append(mutations))
  readonly #inOrder = inOrder()
  readonly #unlisten: Stop

  constructor(database: Database, tables: readonly Table[], channel: TabChannel) {
    this.#database = database
    this.#channel = channel
    this.tables = new Map(tables.map((table) => [table.name, table]))
    // Listened to before the outbox is read: news that comes meanwhile waits in the queue behind the reading.
    this.#unlisten = channel.listen((message) => this.#behind(() => this.#hear(message)))
  }

  /** Opens the database and reads what is pending. Resolves when rows can be read. */
  async open(): Promise<void> {
    await this.#inOrder(async () => {
      await this.#database.open()
      const take = await this.#state.readAll()
      this.#listeners.tell(take(), true)
    })
  }

  get overlay(): Overlay {
    return this.#state.overlay
  }

  /** Everything parked, oldest first. */
  get parked(): readonly Parked[] {
    return this.#state.parked
  }

  /** Rows in quarantine. */
  get quarantined(): number {
    return this.#state.quarantined
  }

  listen(listener: StoreListener): Stop {
    return this.#listeners.add(listener)
  }

  /** The visible row if it is in memory: `null` when it is known not to be there, `undefined` when that must be read. */
  peek(table: string, key: Key): Columns | null | undefined {
    const id = keyId(key)
    const known = this.overlay.visible(table, id)
    if (known !== undefined) return known
    return this.finder(table, id)
  }

  /** The visible row, from memory or disk. */
  async load(table: Table, key: Key): Promise<Columns | null> {
    const known = this.peek(table.name, key)
    if (known !== undefined) return known
    const [base] = await this.#use((db) => readBases(db, [{ table: table.name, key }]))
    return this.overlay.visible(table.name, keyId(key)) ?? base?.row ?? null
  }

  /** All visible rows that match, unordered. */
  read(table: Table, where: Where | undefined): Promise<Columns[]> {
    return this.#use((db) => readRows(db, table, where, this.overlay))
  }

  /** The server's rows that match, without what is pending. */
  readBase(table: Table, where: Where | undefined): Promise<Columns[]> {
    return this.#use((db) => readRows(db, table, where))
  }

  /** How many rows of a table the server has told of. */
  count(table: Table): Promise<number> {
    return this.#use((db) => asked(db.transaction(table.name).objectStore(table.name).count()))
  }

  /** A cookie, a held range, or what else was stored under the name. */
  meta(name: string): Promise<unknown> {
    return this.#use((db) => asked(db.transaction(system.meta).objectStore(system.meta).get(name)))
  }

  /** True when something is stored in the outbox. */
  get hasPending(): boolean {
    return this.#state.log.size > 0
  }

  /** What is stored in the outbox, oldest first. */
  pending(): Mutation[] {
    return this.#state.log.mutations()
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
    this.#listeners.tell(
      this.overlay.add(mutations, (table, key) => bases.get(`${table}/${keyId(key)}`) ?? null),
      true,
    )
    try {
      await this.#group.add(mutations)
    } catch (error) {
      this.#listeners.tell(this.overlay.remove(mutations.map(({ id }) => id)), true)
      throw error
    }
  }

  /** Stores a change and tells of it. See `Commit`. Resolves with false when its `when` did not hold. */
  commit(commit: Commit): Promise<boolean> {
    const work = (): Promise<boolean> => this.#inOrder(() => this.#commit(commit))
    return commit.prune ? work() : this.#fit(work)
  }

  async #commit(commit: Commit): Promise<boolean> {
    const done = await this.#store(commit)
    if (!done) return false
    const outbox = commit.append ?? commit.replace ?? commit.settle ?? done.parked ?? done.quarantined
    this.#listeners.tell(await this.#state.take(commit, done), outbox !== undefined)
    this.#channel.post(newsOf(commit, done))
    return true
  }

  /** Reads the outbox and every pending row again: for a tab that was frozen and may have missed news. */
  refresh(): Promise<void> {
    return this.#inOrder(async () => {
      const take = await this.#state.readAll()
      this.#listeners.tell(take(), true)
    })
  }

  /** Lets the database's handle go; the next piece of work opens it again. */
  rest(): void {
    this.#database.rest()
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
    const seq = await this.#fit(() =>
      this.#use((db) => transact(db, [system.outbox], 'strict', (tx) => append(tx, mutations))),
    ).finally(() => this.#behind(() => this.#look(mutations)))
    this.#state.log.set({ seq, mutations })
    this.#channel.post({ type: 'news', added: [seq] } satisfies TabNews)
    this.#listeners.tell([], true)
  }

  /** An insert has not looked at the disk. If its row is there all the same, it must show again when the insert is taken back. */
  async #look(mutations: readonly Mutation[]): Promise<void> {
    const inserts = mutations.filter(({ op }) => op === 'insert')
    const bases = await this.#database.use((db) => readBases(db, inserts))
    this.#listeners.tell(this.overlay.rebase(bases.filter(({ row }) => row)), false)
  }

  /** Does something in its turn that nobody waits for. What fails of it was told to the listeners, or can be done without. */
  #behind(work: () => Promise<void>): void {
    this.#inOrder(work).catch(() => undefined)
  }

  #store(commit: Commit): Promise<Committed | undefined> {
    const cleanQuarantine = this.quarantined > 0
    const stores = storesOf(commit, cleanQuarantine)
    if (stores.length === 0) return Promise.resolve(nothingDone)
    const touched = [...(commit.settle ?? []), ...(commit.replace ?? []).map(({ id }) => id)]
    const seqs = this.#state.log.seqsOf(new Set(touched))
    // What the user wrote must be on disk; what the server said can be asked for again.
    const durability = commit.append || commit.unpark || commit.strict ? 'strict' : 'relaxed'
    const context = { graves: this.#graves, seqs, cleanQuarantine }
    return this.#use((db) => transact(db, stores, durability, (tx) => carryOut(tx, commit, context)))
  }

  async #hear(message: unknown): Promise<void> {
    if (!isTabNews(message)) return
    this.#listeners.tell((await this.#state.hear(message))(), true)
  }

  #fit<T>(work: () => Promise<T>): Promise<T> {
    return fit(work, { makeRoom: this.makeRoom, failed: (error) => this.#listeners.failed(error) })
  }

  async #use<T>(work: (db: IDBDatabase) => Promise<T>): Promise<T> {
    try {
      const result = await this.#database.use(work)
      this.#listeners.worked()
      return result
    } catch (error) {
      // Room may be made for it, and nobody need know.
      if (!isFull(error)) this.#listeners.failed(error)
      throw error
    }
  }
}
