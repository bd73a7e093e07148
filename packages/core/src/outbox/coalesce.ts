import { omit, type Columns } from '../base/json.js'
import { keyId, type Key } from '../schema/key.js'
import { sentColumns, type Mutation } from './mutation.js'
import { bytesOf, mostBytes } from './size.js'

/** What one or several mutations of one row come down to on the wire. */
export interface Outgoing {
  readonly table: string
  readonly key: Key
  readonly op: Mutation['op']
  /** Server values to send. */
  readonly columns: Columns
  /** The mutations that it stands for, oldest first. */
  readonly mutations: readonly Mutation[]
}

const rowId = (entry: { table: string; key: Key }): string => `${entry.table}/${keyId(entry.key)}`

/**
 * Folds mutations that have not been sent: insert + update → insert, update + update → one patch,
 * insert + delete → nothing (reported in `gone`), update + delete → delete. Where the server may have the insert already
 * (`maySent`), the delete is sent.
 *
 * Law: folding moves a later write to the place of an earlier one (or drops both), so it is done only when nothing
 * between them speaks of the row, and the later write speaks of no row written between them. A delete stays where it is,
 * and keeps an update apart that stands before another delete: each write may have taken a reference away, without a word of it,
 * from a row that is deleted after it. Foreign keys then hold as written.
 */
export function coalesce(
  mutations: readonly Mutation[],
  maySent: ReadonlySet<string> = new Set(),
): { outgoing: Outgoing[]; gone: Mutation[] } {
  const list: (Outgoing | undefined)[] = []
  const last = new Map<string, number>()
  const gone: Mutation[] = []
  for (const mutation of mutations) {
    const next: Outgoing = { ...pick(mutation), columns: sentColumns(mutation), mutations: [mutation] }
    const at = last.get(rowId(next))
    const previous = at === undefined ? undefined : list[at]
    if (at === undefined || !previous || !mayFold(list, at, next)) {
      last.set(rowId(next), list.push(next) - 1)
      continue
    }
    const folded = fold(previous, next)
    list[at] = folded.op === 'delete' ? undefined : folded
    if (takesBack(previous, folded, maySent)) gone.push(...folded.mutations)
    else if (folded.op === 'delete') last.set(rowId(next), list.push(folded) - 1)
  }
  return { outgoing: list.filter((entry) => entry !== undefined), gone }
}

const pick = ({ table, key, op }: Mutation) => ({ table, key, op })

function fold(previous: Outgoing, next: Outgoing): Outgoing {
  const columns = next.op === 'delete' ? {} : { ...previous.columns, ...next.columns }
  const op = next.op === 'delete' ? 'delete' : previous.op
  return { ...previous, op, columns, mutations: [...previous.mutations, ...next.mutations] }
}

/** A delete of what the server has not heard of. */
const takesBack = (previous: Outgoing, folded: Outgoing, maySent: ReadonlySet<string>): boolean =>
  previous.op === 'insert' && folded.op === 'delete' && !previous.mutations.some(({ id }) => maySent.has(id))

/** How far back a fold may look; beyond it two requests are cheaper than the search. */
const reach = 1_000

function mayFold(list: readonly (Outgoing | undefined)[], at: number, next: Outgoing): boolean {
  const previous = list[at]
  if (!previous || previous.op === 'delete' || next.op === 'insert') return false
  if (previous.mutations[0]?.group !== next.mutations[0]?.group) return false
  if (list.length - at > reach || !fitTogether(previous, next)) return false
  const between = list.slice(at + 1).filter((entry) => entry !== undefined)
  const isKept = previous.op === 'update' && next.op === 'delete'
  return between.every(
    (entry) => !(isKept && entry.op === 'delete') && !mentions(entry, next.key) && !mentions(next, entry.key),
  )
}

/** Two that fit into a request each may not do so together. */
const fitTogether = (previous: Outgoing, next: Outgoing): boolean =>
  next.op === 'delete' || bytesOf(fold(previous, next).columns) <= mostBytes

/** True when every part of the key stands in the row's own key or in a sent value: how one row refers to another. */
export function mentions(entry: { columns: Columns; key: Key }, key: Key): boolean {
  const values = new Set<unknown>(Object.values(entry.columns))
  for (const part of partsOf(entry.key)) values.add(part)
  return partsOf(key).every((part) => values.has(part))
}

const partsOf = (key: Key): readonly (string | number)[] => (typeof key === 'object' ? key : [key])

/** True when `later` cannot take effect without `refused` having done so. */
export function dependsOn(later: Mutation, refused: Mutation): boolean {
  if (later.group !== undefined && later.group === refused.group) return true
  const sameRow = rowId(later) === rowId(refused)
  if (refused.op === 'insert')
    return sameRow || mentions({ columns: omit(later.patch, later.local ?? []), key: later.key }, refused.key)
  return refused.op === 'delete' && sameRow
}
