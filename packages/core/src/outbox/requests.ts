import { sameValue } from '../base/json.js'
import type { Outgoing } from './coalesce.js'
import { bytesOf, mostBytes } from './size.js'

/** Mutations that go to the server in one request: one operation on one table. */
export interface PushRequest {
  readonly table: string
  readonly op: Outgoing['op']
  readonly entries: readonly Outgoing[]
}

export interface RequestLimits {
  /** Rows at most. */
  readonly rows: number
  /** Bytes of JSON at most (a single larger row still goes alone). */
  readonly bytes: number
}

export const defaultLimits: RequestLimits = { rows: 500, bytes: mostBytes }

/** Keys stand in the URL of updates and deletes, and URLs are short. */
const keysInUrl = 100

/**
 * The longest run from the front of the queue that one request can carry: inserts into one table, deletes from one table,
 * or updates of one table that set the same columns to the same values.
 */
export function nextRequest(
  queue: readonly Outgoing[],
  limits: RequestLimits = defaultLimits,
): PushRequest | undefined {
  const [first] = queue
  if (!first) return undefined
  const rows = first.op === 'insert' ? limits.rows : Math.min(limits.rows, keysInUrl)
  const entries: Outgoing[] = []
  let bytes = 0
  for (const entry of queue) {
    bytes += bytesOf(entry.columns)
    if (entries.length > 0 && (entries.length >= rows || bytes > limits.bytes || !joins(first, entry))) break
    entries.push(entry)
  }
  return { table: first.table, op: first.op, entries }
}

function joins(first: Outgoing, entry: Outgoing): boolean {
  if (first.table !== entry.table || first.op !== entry.op) return false
  return first.op !== 'update' || sameValue(first.columns, entry.columns)
}
