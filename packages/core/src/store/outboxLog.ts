import type { Mutation, Parked } from '../outbox/mutation.js'
import { asked } from './idb.js'
import { system } from './database.js'

/** One group commit: everything that was written in one turn. */
export interface OutboxRecord {
  readonly seq: number
  readonly mutations: readonly Mutation[]
}

/** What is in the outbox on disk, as this tab knows it, in order. */
export class OutboxLog {
  readonly #records = new Map<number, readonly Mutation[]>()

  get size(): number {
    return this.#records.size
  }

  set({ seq, mutations }: OutboxRecord): void {
    this.#records.set(seq, mutations)
  }

  settle(ids: ReadonlySet<string>): void {
    for (const [seq, mutations] of this.#records) {
      const left = mutations.filter((mutation) => !ids.has(mutation.id))
      if (left.length === 0) this.#records.delete(seq)
      else if (left.length < mutations.length) this.#records.set(seq, left)
    }
  }

  replace(mutations: readonly Mutation[]): void {
    for (const [seq, old] of this.#records) this.#records.set(seq, replaced(old, mutations))
  }

  /** The records that hold any of the mutations. */
  seqsOf(ids: ReadonlySet<string>): number[] {
    return [...this.#records]
      .filter(([, mutations]) => mutations.some(({ id }) => ids.has(id)))
      .map(([seq]) => seq)
  }

  /** All stored mutations, oldest first. */
  mutations(): Mutation[] {
    return [...this.#records].sort(([a], [b]) => a - b).flatMap(([, mutations]) => mutations)
  }
}

/** Appends one record and resolves with its number. */
export const append = async (transaction: IDBTransaction, mutations: readonly Mutation[]): Promise<number> =>
  (await asked(transaction.objectStore(system.outbox).add({ mutations }))) as number

/** Takes mutations out of the records `seqs`, and puts others in place of some. Reads the records again: another tab may have changed them (R9). */
export async function settleRecords(
  transaction: IDBTransaction,
  seqs: readonly number[],
  ids: ReadonlySet<string>,
  replace?: readonly Mutation[],
): Promise<void> {
  const store = transaction.objectStore(system.outbox)
  const settle = async (seq: number) => {
    const record = (await asked(store.get(seq))) as OutboxRecord | undefined
    const left = replaced(record?.mutations ?? [], replace).filter((mutation) => !ids.has(mutation.id))
    if (left.length === 0) store.delete(seq)
    else store.put({ seq, mutations: left })
  }
  await Promise.all(seqs.map(settle))
}

/** The mutations, with others of the same ids in their places. */
export function replaced(mutations: readonly Mutation[], replace: readonly Mutation[] = []): Mutation[] {
  const byId = new Map(replace.map((mutation) => [mutation.id, mutation]))
  return mutations.map((mutation) => byId.get(mutation.id) ?? mutation)
}

export async function changeParked(
  transaction: IDBTransaction,
  put: readonly Parked[] = [],
  remove: readonly string[] = [],
): Promise<Parked[]> {
  const store = transaction.objectStore(system.parked)
  for (const id of remove) store.delete(id)
  for (const parked of put) store.put(parked)
  return (await asked(store.getAll())) as Parked[]
}
