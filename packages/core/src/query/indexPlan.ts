import { indexColumns } from '../schema/indexes.js'
import type { Table } from '../schema/table.js'
import { topConditions } from './conditions.js'
import type { Condition, Where } from './query.js'

/** What IndexedDB takes as a key. */
export type IndexKey = string | number | Date | readonly IndexKey[]

export interface KeyRange {
  readonly lower?: IndexKey
  readonly upper?: IndexKey
  readonly lowerOpen?: boolean
  readonly upperOpen?: boolean
}

/** Which part of which index to read; no index: the whole table. `''` is the primary key. */
export type IndexPlan =
  | {
      readonly index: string
      readonly ranges: readonly KeyRange[]
      /** The ranges hold just the rows that match: no predicate is needed. */
      readonly exact: boolean
    }
  | { readonly index: undefined }

/** More ranges than this cost more than reading what lies between them. */
const mostRanges = 64

interface Candidate {
  readonly index: string
  readonly ranges: readonly KeyRange[]
  readonly used: ReadonlySet<string>
  readonly rank: number
}

/**
 * The index range that answers a where best.
 *
 * Law: booleans, nulls, bigints and objects are no IndexedDB keys, and a row with one of them in an indexed column is not in
 * that index. So an index serves only when each of its columns must hold a valid key for the row to match.
 */
export function planIndex(table: Table, where: Where | undefined): IndexPlan {
  const { byColumn, whole } = topConditions(where)
  const indexes = ['', ...table.indexes]
  const candidates = indexes
    .map((index) => candidate(table, index, byColumn))
    .filter((one) => one !== undefined)
  const best = candidates.reduce<Candidate | undefined>((a, b) => (a && a.rank >= b.rank ? a : b), undefined)
  if (!best) return { index: undefined }
  const says = whole && [...byColumn.keys()].every((column) => best.used.has(column))
  const exact = says || best.ranges.length === 0
  return { index: best.index, ranges: best.ranges, exact }
}

/** Nothing to read beats all; then one key; more equal columns beat fewer; equality beats `in` beats a range. */
function candidate(
  table: Table,
  index: string,
  conditions: ReadonlyMap<string, Condition<unknown>>,
): Candidate | undefined {
  const columns = index === '' ? table.key : indexColumns(index)
  const parts = columns.map((column) => columnPart(conditions.get(column)))
  if (!parts.every((part) => part !== undefined)) return undefined
  if (parts.slice(0, -1).some(({ kind }) => kind === 'range')) return undefined
  if (parts.reduce((product, { ranges }) => product * ranges.length, 1) > mostRanges) return undefined
  const used = new Set(columns.filter((_, at) => parts[at]?.whole))
  const ranges = compound(parts)
  return { index, ranges, used, rank: rankOf(index, parts, ranges) }
}

const weights = { equal: 4, in: 2, range: 1 }

function rankOf(index: string, parts: readonly Part[], ranges: readonly KeyRange[]): number {
  if (ranges.length === 0) return Infinity
  const weight = parts.reduce((sum, { kind }) => sum + weights[kind], 0)
  if (index !== '') return weight
  return parts.every(({ kind }) => kind === 'equal') ? weight + 100 : weight + 0.5
}

interface Part {
  readonly kind: 'equal' | 'in' | 'range'
  readonly ranges: readonly Interval[]
  /** The ranges say everything that the condition says. */
  readonly whole: boolean
}

function columnPart(condition: Condition<unknown> | undefined): Part | undefined {
  if (!condition) return undefined
  const given = Object.entries(condition).filter(([, operand]) => operand !== undefined)
  if (condition.eq !== undefined) {
    if (!isKey(condition.eq)) return undefined
    return { kind: 'equal', ranges: [point(condition.eq)], whole: given.length === 1 }
  }
  if (condition.in) {
    if (!condition.in.every(isKey)) return undefined
    return { kind: 'in', ranges: distinct(condition.in).map(point), whole: given.length === 1 }
  }
  return rangePart(condition, given.length)
}

/** Of two bounds at one end, the predicate sees to the closed one. */
function rangePart({ gt, gte, lt, lte }: Condition<unknown>, given: number): Part | undefined {
  const bounds = [gt, gte, lt, lte].filter((bound) => bound !== undefined)
  const [first] = bounds
  if (!isKey(first) || !bounds.every(isKey) || new Set(bounds.map(kindOf)).size > 1) return undefined
  const lower = (gt ?? gte) as IndexKey | undefined
  const upper = (lt ?? lte) as IndexKey | undefined
  const range: Interval = {
    ...(lower === undefined ? lowest(first) : { lower, lowerOpen: gt !== undefined }),
    ...(upper === undefined ? highest(first) : { upper, upperOpen: lt !== undefined }),
  }
  const whole = given === Number(lower !== undefined) + Number(upper !== undefined)
  return { kind: 'range', ranges: isEmpty(range) ? [] : [range], whole }
}

type Interval = KeyRange & Required<Pick<KeyRange, 'lower' | 'upper'>>

/** IndexedDB refuses such a range, as it does one that ends before it begins. */
function isEmpty({ lower, upper, lowerOpen, upperOpen }: Interval): boolean {
  if (Array.isArray(upper)) return false
  return lower > upper || (!(lower < upper) && (lowerOpen === true || upperOpen === true))
}

/** IndexedDB orders number < Date < text < array; an open end must not run on into the next kind. */
const lowest = (like: IndexKey): { lower: IndexKey } =>
  like instanceof Date ? { lower: new Date(-8.64e15) } : { lower: typeof like === 'string' ? '' : -Infinity }
const highest = (like: IndexKey): { upper: IndexKey; upperOpen?: boolean } =>
  typeof like === 'string'
    ? { upper: [], upperOpen: true }
    : { upper: like instanceof Date ? new Date(8.64e15) : Infinity }

const point = (key: IndexKey): Interval => ({ lower: key, upper: key })

/** Ranges of a compound key: every combination of its columns' ranges, of which only the last may have two different ends. */
function compound(parts: readonly Part[]): readonly Interval[] {
  if (parts.length === 1) return parts[0]?.ranges ?? []
  const join = (head: readonly IndexKey[], { lower, upper, ...open }: Interval) => ({
    ...open,
    lower: [...head, lower],
    upper: [...head, upper],
  })
  return parts.reduce<readonly (Interval & { lower: readonly IndexKey[] })[]>(
    (heads, { ranges }) => heads.flatMap(({ lower }) => ranges.map((range) => join(lower, range))),
    [{ lower: [], upper: [] }],
  )
}

function isKey(value: unknown): value is IndexKey {
  if (typeof value === 'number') return !Number.isNaN(value)
  return typeof value === 'string' || (value instanceof Date && !Number.isNaN(+value))
}

const kindOf = (value: unknown): string => (value instanceof Date ? 'date' : typeof value)

const distinct = (keys: readonly unknown[]): IndexKey[] => [
  ...new Map(
    (keys as readonly (string | number | Date)[]).map((key) => [`${kindOf(key)} ${key.valueOf()}`, key]),
  ).values(),
]
