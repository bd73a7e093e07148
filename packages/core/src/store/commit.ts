import type { ErrorRecord } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import { getKey, keyId } from '../schema/key.js'
import { system } from './database.js'
import { asked } from './idb.js'
import { append, changeParked, settleRecords } from './outboxLog.js'
import { applyRows, type BaseRow, type Graves, type TableRows } from './rows.js'

/** A row from the server that does not fit its declaration, kept until a fitting one arrives. */
export interface Quarantined {
  readonly table: string
  /** The key, or the row's text where even that is missing. */
  readonly id: string
  readonly row: Columns
  readonly error: ErrorRecord
  /** When it came, in ms since the epoch. */
  readonly at: number
}

/** One change of the local database. All of it is stored, or nothing (R4). */
export interface Commit {
  /** What the server says of rows. */
  readonly rows?: readonly TableRows[]
  /** Ids of mutations that leave the outbox. */
  readonly settle?: readonly string[]
  /** Mutations that enter the outbox. */
  readonly append?: readonly Mutation[]
  readonly park?: readonly Parked[]
  readonly unpark?: readonly string[]
  /** Cookies, held ranges and the like, by name. */
  readonly meta?: Readonly<Record<string, unknown>>
  readonly quarantine?: readonly Quarantined[]
}

/** What a commit did on disk. */
export interface Committed {
  readonly rows: readonly BaseRow[]
  readonly seq: number | undefined
  /** Everything parked now; left out when that did not change. */
  readonly parked: readonly Parked[] | undefined
  readonly quarantined: number | undefined
}

/** The object stores that a commit touches. */
export function storesOf(commit: Commit, cleanQuarantine: boolean): string[] {
  const rows = commit.rows ?? []
  return [
    ...new Set([
      ...rows.map(({ table }) => table.name),
      ...(commit.settle || commit.append ? [system.outbox] : []),
      ...(commit.park || commit.unpark ? [system.parked] : []),
      ...(commit.meta ? [system.meta] : []),
      ...(commit.quarantine || (cleanQuarantine && rows.length > 0) ? [system.quarantine] : []),
    ]),
  ]
}

/** Carries a commit out inside its transaction. */
export async function carryOut(
  transaction: IDBTransaction,
  commit: Commit,
  context: { graves: Graves; seqs: readonly number[]; cleanQuarantine: boolean },
): Promise<Committed> {
  for (const [name, value] of Object.entries(commit.meta ?? {}))
    transaction.objectStore(system.meta).put(value, name)
  const rows = await Promise.all(
    (commit.rows ?? []).map((rows) => applyRows(transaction, rows, context.graves)),
  )
  if (commit.settle) await settleRecords(transaction, context.seqs, new Set(commit.settle))
  const seq = commit.append && commit.append.length > 0 ? await append(transaction, commit.append) : undefined
  const parked =
    commit.park || commit.unpark
      ? await changeParked(transaction, commit.park ?? [], commit.unpark ?? [])
      : undefined
  const quarantined = await changeQuarantine(transaction, commit, context.cleanQuarantine)
  return { rows: rows.flat(), seq, parked, quarantined }
}

/** Puts the rows that do not fit, and takes out those that came again and fit. */
async function changeQuarantine(
  transaction: IDBTransaction,
  commit: Commit,
  clean: boolean,
): Promise<number | undefined> {
  const fitting = clean ? (commit.rows ?? []) : []
  if (!commit.quarantine && fitting.length === 0) return undefined
  const store = transaction.objectStore(system.quarantine)
  for (const { table, put = [], remove = [] } of fitting) {
    const keys = [...put.map((row) => getKey(table.key, row)), ...remove]
    for (const key of keys) if (key !== undefined) store.delete([table.name, keyId(key)])
  }
  for (const row of commit.quarantine ?? []) store.put(row)
  return asked(store.count())
}
