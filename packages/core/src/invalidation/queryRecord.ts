import type { Query } from '@tanstack/query-core'
import type { QueryRecord } from '../store/queryRecords.js'

/** What is kept of a query; `undefined` when it has no data. */
export function recordOf(query: Query, buster: string): QueryRecord | undefined {
  const { data, dataUpdatedAt: updatedAt, isInvalidated: invalidated } = query.state
  return data === undefined ? undefined : { key: query.queryKey, data, updatedAt, invalidated, buster }
}

export interface RecordLimits {
  readonly buster: string
  /** Milliseconds. */
  readonly maxAge: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A stored value as a record; `corrupt` when it is none, `old` when it has had its time. */
export function readRecord(value: unknown, limits: RecordLimits): QueryRecord | 'corrupt' | 'old' {
  if (!isRecord(value)) return 'corrupt'
  const age = limits.now - value.updatedAt
  // A record from the future was stored before the clock was set back; nobody knows how old it is.
  const fresh = age >= 0 && age <= limits.maxAge && value.buster === limits.buster
  return fresh ? value : 'old'
}

function isRecord(value: unknown): value is QueryRecord {
  const { key, data, updatedAt, buster } = (value ?? {}) as Partial<QueryRecord>
  return (
    Array.isArray(key) && data !== undefined && typeof updatedAt === 'number' && typeof buster === 'string'
  )
}
