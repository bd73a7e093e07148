import type { Columns } from '../base/json.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import { keyId, type Key } from '../schema/key.js'
import type { Commit, Committed } from './commit.js'
import { OutboxLog } from './outboxLog.js'
import { Overlay, type Change } from './overlay.js'
import { lookup, readBases, readRecords, readSetAside } from './readPending.js'
import type { TabNews } from './tabNews.js'

/** Runs work on the open database. */
export type Use = <T>(work: (db: IDBDatabase) => Promise<T>) => Promise<T>
/** The server's row of a name; `null`: there is none. */
export type BaseOf = (table: string, key: Key) => Columns | null

/**
 * Takes in what was read, and answers the visible rows that it changes. They are to be told at once: a user may write at any
 * moment, and a change that is told late would take that back.
 */
export type Take = () => Change[]

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
  async readAll(): Promise<Take> {
    const records = await this.readRecords(undefined)
    const aside = await this.readSetAside()
    return () => [...records(), ...aside()]
  }

  /** Reads outbox records: those with the numbers, or all. */
  async readRecords(seqs: readonly number[] | undefined): Promise<Take> {
    // What this tab stores while it reads is not gone because it was not read.
    const known = seqs ? [] : this.log.mutations()
    const records = await this.#use((db) => readRecords(db, seqs))
    const stored = records.flatMap(({ mutations }) => mutations)
    const ids = new Set(stored.map(({ id }) => id))
    const gone = known.filter(({ id }) => !ids.has(id)).map(({ id }) => id)
    const added = stored.filter(({ id }) => !this.overlay.has(id))
    const bases = await this.bases(added)
    return () => {
      for (const record of records) this.log.set(record)
      return [...this.overlay.replace(stored), ...this.overlay.add(added, bases), ...this.settle(gone)]
    }
  }

  async readSetAside(): Promise<Take> {
    const { parked, quarantined } = await this.#use(readSetAside)
    const bases = await this.bases(parked.map(({ mutation }) => mutation))
    return () => {
      this.quarantined = quarantined
      return this.setParked(parked, bases)
    }
  }

  /** Reads what another tab tells of. */
  async hear({ rows = [], added, settled = [], parked = false }: TabNews): Promise<Take> {
    const bases = await this.#use((db) => readBases(db, rows))
    const records = added && (await this.readRecords(added))
    const aside = parked ? await this.readSetAside() : undefined
    return () => [
      ...this.overlay.rebase(bases),
      ...(records?.() ?? []),
      ...this.settle(settled),
      ...(aside?.() ?? []),
    ]
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
