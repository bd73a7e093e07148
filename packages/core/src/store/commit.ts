import type { ErrorRecord } from '../base/errors.js'
import { sameValue, type Columns } from '../base/json.js'
import type { Mutation, Parked } from '../outbox/mutation.js'
import { getKey, keyId, type Key } from '../schema/key.js'
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
  /** Mutations that take the place of those with the same ids. */
  readonly replace?: readonly Mutation[]
  /** Mutations that enter the outbox. */
  readonly append?: readonly Mutation[]
  readonly park?: readonly Parked[]
  /** Stored only if all of them are parked still. */
  readonly unpark?: readonly string[]
  /** Cookies, held ranges and the like, by name; a function makes the new value of the old one, `undefined` takes it out. */
  readonly meta?: Readonly<Record<string, unknown>>
  /** Stored only if what lies under the name is this still; else nothing is, and the commit resolves with false (R9). */
  readonly when?: readonly [name: string, value: unknown]
  /** Nothing is stored, either, unless this holds of what lies under the name: another tab may lead now (R9). */
  readonly fence?: readonly [name: string, holds: (value: unknown) => boolean]
  /** It makes room: its rows go from here and not from the server, and there is none to be made for it. */
  readonly prune?: boolean
  /** It must be on disk when the commit resolves. */
  readonly strict?: boolean
  readonly quarantine?: readonly Quarantined[]
}

/** What a commit did on disk. */
export interface Committed {
  readonly rows: readonly BaseRow[]
  /** Outbox records in which mutations were replaced. */
  readonly replaced: readonly number[]
  readonly seq: number | undefined
  /** Everything parked now; left out when that did not change. */
  readonly parked: readonly Parked[] | undefined
  readonly quarantined: number | undefined
}

/** What a commit of nothing did. */
export const nothingDone: Committed = {
  rows: [],
  replaced: [],
  seq: undefined,
  parked: undefined,
  quarantined: undefined,
}

/** The object stores that a commit touches. */
export function storesOf(commit: Commit, cleanQuarantine: boolean): string[] {
  const { rows = [], quarantine = [] } = commit
  const touched = {
    [system.outbox]: commit.settle ?? commit.append ?? commit.replace,
    [system.parked]: commit.park ?? commit.unpark,
    [system.meta]: touchesMeta(commit),
    [system.quarantine]: quarantine.length > 0 || (cleanQuarantine && rows.length > 0),
  }
  const systems = Object.entries(touched).flatMap(([name, isTouched]) => (isTouched ? [name] : []))
  return [...new Set([...rows.map(({ table }) => table.name), ...systems])]
}

const touchesMeta = ({ when, fence, meta = {} }: Commit): boolean =>
  when !== undefined || fence !== undefined || Object.keys(meta).length > 0

interface CarryContext {
  readonly graves: Graves
  /** Outbox records that hold what is settled. */
  readonly seqs: readonly number[]
  /** There are rows in quarantine that may be healed. */
  readonly cleanQuarantine: boolean
}

/** Carries a commit out inside its transaction. */
export async function carryOut(
  tx: IDBTransaction,
  commit: Commit,
  context: CarryContext,
): Promise<Committed | undefined> {
  const { meta = {}, rows = [], prune = false } = commit
  const graves = prune ? undefined : context.graves
  if (!(await holds(tx, commit))) return undefined
  await Promise.all(Object.entries(meta).map((entry) => putMeta(tx, ...entry)))
  const changed = await Promise.all(rows.map((some) => applyRows(tx, some, graves)))
  const seq = await changeOutbox(tx, commit, context.seqs)
  const parked = commit.park || commit.unpark ? await changeParked(tx, commit.park, commit.unpark) : undefined
  const healed = context.cleanQuarantine ? rows : []
  const quarantined = await changeQuarantine(tx, commit.quarantine, healed)
  const replaced = commit.replace ? context.seqs : []
  return { rows: changed.flat(), replaced, seq, parked, quarantined }
}

/** Whether what a commit was made on is still so: another tab may have been first (R9). */
async function holds(tx: IDBTransaction, { when, fence, unpark = [] }: Commit): Promise<boolean> {
  if (fence && !fence[1](await getMeta(tx, fence[0]))) return false
  if (when && !sameValue(await getMeta(tx, when[0]), when[1])) return false
  const parked = await Promise.all(unpark.map((id) => asked(tx.objectStore(system.parked).count(id))))
  return parked.every((count) => count > 0)
}

type Renew = (old: unknown) => unknown

const getMeta = (tx: IDBTransaction, name: string): Promise<unknown> =>
  asked(tx.objectStore(system.meta).get(name))

async function putMeta(tx: IDBTransaction, name: string, value: unknown): Promise<void> {
  const next = typeof value === 'function' ? (value as Renew)(await getMeta(tx, name)) : value
  const store = tx.objectStore(system.meta)
  if (next === undefined) store.delete(name)
  else store.put(next, name)
}

async function changeOutbox(
  tx: IDBTransaction,
  commit: Commit,
  seqs: readonly number[],
): Promise<number | undefined> {
  if (seqs.length > 0) await settleRecords(tx, seqs, new Set(commit.settle), commit.replace)
  return commit.append && commit.append.length > 0 ? append(tx, commit.append) : undefined
}

/** Puts the rows that do not fit, and takes out those that came again and fit; answers how many there are now. */
async function changeQuarantine(
  tx: IDBTransaction,
  put: readonly Quarantined[] = [],
  healed: readonly TableRows[],
): Promise<number | undefined> {
  if (put.length === 0 && healed.length === 0) return undefined
  const store = tx.objectStore(system.quarantine)
  for (const rows of healed) for (const key of keysOf(rows)) store.delete([rows.table.name, keyId(key)])
  for (const row of put) store.put(row)
  return asked(store.count())
}

const keysOf = ({ table, put = [], remove = [] }: TableRows): Key[] =>
  [...put.map((row) => getKey(table.key, row)), ...remove].filter((key) => key !== undefined)
