import type { Columns } from '../base/json.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import { keyId, type Key } from '../schema/key.js'
import type { Commit, Committed } from './commit.js'
import { OutboxLog } from './outboxLog.js'
import { Overlay, type Change } from './overlay.js'
import { lookup, readBases, readRecords, readSetAside } from './readPending.js'

/** Runs work on the open database. */
export type Use = <T>(work: (db: IDBDatabase) => Promise<T>) => Promise<T>
/** The server's row of a name; `null`: there is none. */
export type BaseOf = (table: string, key: Key) => Columns | null

/** What this tab knows of everything that waits: the outbox, the patches on rows, what is parked or in quarantine. */
export class PendingState {
  readonly overlay = new Overlay()
  readonly log = new OutboxLog()
  /** Everything parked, oldest first. */
  parked: readonly Parked[] = []
  /** Rows in quarantine. */
  quarantined = 0
  readonly #use: Use

  constructor(use: Use) {
    this.#use = use
  }

  /** Reads all of it from the disk; what is not there any more leaves the overlay. */
  async readAll(): Promise<Change[]> {
    const records = await this.readRecords(undefined)
    return [...records, ...(await this.readSetAside())]
  }

  /** Takes outbox records of the disk into the overlay: those with the numbers, or all. */
  async readRecords(seqs: readonly number[] | undefined): Promise<Change[]> {
    const records = await this.#use((db) => readRecords(db, seqs))
    const stored = records.flatMap(({ mutations }) => mutations)
    const ids = new Set(stored.map(({ id }) => id))
    const gone = seqs ? [] : this.log.mutations().filter(({ id }) => !ids.has(id))
    for (const record of records) this.log.set(record)
    const added = stored.filter(({ id }) => !this.overlay.has(id))
    return [
      ...this.overlay.replace(stored),
      ...this.overlay.add(added, await this.bases(added)),
      ...this.settle(gone.map(({ id }) => id)),
    ]
  }

  async readSetAside(): Promise<Change[]> {
    const { parked, quarantined } = await this.#use(readSetAside)
    this.quarantined = quarantined
    return this.setParked(parked, await this.bases(parked.map(({ mutation }) => mutation)))
  }

  /** Takes in what this tab has stored. */
  async take(commit: Commit, done: Committed): Promise<Change[]> {
    const { append = [], replace = [], settle = [] } = commit
    const bases = await this.bases([...append, ...(done.parked ?? []).map(({ mutation }) => mutation)])
    if (done.seq !== undefined) this.log.set({ seq: done.seq, mutations: append })
    this.log.replace(replace)
    this.quarantined = done.quarantined ?? this.quarantined
    return [
      ...this.overlay.rebase(done.rows),
      ...this.overlay.replace(replace),
      ...this.overlay.add(append, bases),
      // Parked before it is settled, so that the overlay keeps the base of the row that is both.
      ...(done.parked ? this.setParked(done.parked, bases) : []),
      ...this.settle(settle),
    ]
  }

  /** Takes mutations out of outbox and overlay. */
  settle(ids: readonly string[]): Change[] {
    this.log.settle(new Set(ids))
    return this.overlay.remove(ids)
  }

  setParked(parked: readonly Parked[], bases: BaseOf): Change[] {
    this.parked = [...parked].sort((a, b) => a.at - b.at)
    return this.overlay.setParked(this.parked, bases)
  }

  /** Base rows of mutations that the overlay is about to take in. */
  async bases(mutations: readonly Mutation[]): Promise<BaseOf> {
    const unknown = mutations.filter(({ table, key }) => this.overlay.base(table, keyId(key)) === undefined)
    return unknown.length === 0 ? () => null : lookup(await this.#use((db) => readBases(db, unknown)))
  }
}
