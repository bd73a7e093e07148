import type { ErrorRecord } from '../base/errors.js'
import { omit, type Columns } from '../base/json.js'
import type { Key } from '../schema/key.js'

/** One write of this client that the server has not confirmed: a patch on a row. */
export interface Mutation {
  /** Unique among all clients. */
  readonly id: string
  readonly table: string
  readonly key: Key
  readonly op: 'insert' | 'update' | 'delete'
  /** Client values. insert: the whole row; update: the changed columns; delete: nothing. */
  readonly patch: Columns
  /** Server values of the columns where a codec makes them differ. */
  readonly wire?: Columns
  /** Columns of `patch` that only stand in for what Postgres will say; never sent. */
  readonly local?: readonly string[]
  /** Mutations of one `write` are refused together. */
  readonly group?: string | undefined
  /** When it was written, in ms since the epoch. */
  readonly at: number
  /** The row that it was made on: of a delete, so that it can be named, and where a conflict function may ask for it. */
  readonly base?: Columns
}

/** A mutation that the server refused, with the mutations that cannot go without it. */
export interface Parked {
  /** The id of the refused mutation. */
  readonly id: string
  readonly mutation: Mutation
  readonly error: ErrorRecord
  /** Mutations that depend on it, in their order; they wait here. */
  readonly waiting: readonly Mutation[]
  /** How many of them go before it: the earlier writes of its group. Left out: none. */
  readonly ahead?: number
  /** When it was parked, in ms since the epoch. */
  readonly at: number
}

/** The columns and values of a mutation as the server takes them. */
export const sentColumns = (mutation: Mutation): Columns => ({
  ...omit(mutation.patch, mutation.local ?? []),
  ...mutation.wire,
})

/** Several mutations of one row as the one that they come down to; it keeps the id and time of the first. */
export function mergeMutations(mutations: readonly Mutation[]): Mutation | undefined {
  const [first, ...others] = mutations
  return first && others.reduce(merge, first)
}

function merge(earlier: Mutation, later: Mutation): Mutation {
  if (later.op === 'delete') return { ...later, id: earlier.id, at: earlier.at }
  const rewritten = Object.keys(later.patch)
  const local = new Set([
    ...(earlier.local ?? []).filter((column) => !rewritten.includes(column)),
    ...(later.local ?? []),
  ])
  const wire = { ...omit(earlier.wire ?? {}, rewritten), ...later.wire }
  return {
    ...earlier,
    patch: { ...earlier.patch, ...later.patch },
    local: [...local],
    wire,
  }
}
