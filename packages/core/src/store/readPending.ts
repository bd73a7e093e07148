import type { Columns } from '../base/json.js'
import type { Parked } from '../outbox/mutation.js'
import { keyId, type Key } from '../schema/key.js'
import { system } from './database.js'
import { asked } from './idb.js'
import type { OutboxRecord } from './outboxLog.js'

export interface RowName {
  readonly table: string
  readonly key: Key
}

/** Reads outbox records: those with the given numbers, or all. */
export async function readRecords(
  db: IDBDatabase,
  seqs: readonly number[] | undefined,
): Promise<OutboxRecord[]> {
  const store = db.transaction(system.outbox).objectStore(system.outbox)
  if (!seqs) return (await asked(store.getAll())) as OutboxRecord[]
  const records = await Promise.all(
    seqs.map((seq) => asked(store.get(seq) as IDBRequest<OutboxRecord | undefined>)),
  )
  return records.filter((record) => record !== undefined)
}

/** Reads everything parked, oldest first, and counts the quarantine. */
export async function readSetAside(db: IDBDatabase): Promise<{ parked: Parked[]; quarantined: number }> {
  const transaction = db.transaction([system.parked, system.quarantine])
  const [parked, quarantined] = await Promise.all([
    asked(transaction.objectStore(system.parked).getAll()) as Promise<Parked[]>,
    asked(transaction.objectStore(system.quarantine).count()),
  ])
  return { parked: parked.sort((a, b) => a.at - b.at), quarantined }
}

/** Reads base rows by name, in the order given; `null`: there is none. */
export async function readBases(
  db: IDBDatabase,
  names: readonly RowName[],
): Promise<{ table: string; key: Key; row: Columns | null }[]> {
  const present = names.filter(({ table }) => db.objectStoreNames.contains(table))
  if (present.length === 0) return []
  const transaction = db.transaction([...new Set(present.map(({ table }) => table))])
  return Promise.all(
    present.map(async ({ table, key }) => {
      const row: unknown = await asked(transaction.objectStore(table).get(key as IDBValidKey))
      return { table, key, row: (row as Columns | undefined) ?? null }
    }),
  )
}

/** Looks base rows up among those read. */
export function lookup(
  rows: readonly { table: string; key: Key; row: Columns | null }[],
): (table: string, key: Key) => Columns | null {
  const byName = new Map(rows.map(({ table, key, row }) => [`${table}/${keyId(key)}`, row]))
  return (table, key) => byName.get(`${table}/${keyId(key)}`) ?? null
}
