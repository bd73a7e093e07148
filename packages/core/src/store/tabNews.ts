import type { Key } from '../schema/key.js'
import type { Commit, Committed } from './commit.js'

/** What a tab tells the others after it stored something: never rows, only where to look. */
export interface TabNews {
  readonly type: 'news'
  /** Base rows that changed. */
  readonly rows?: readonly { readonly table: string; readonly key: Key }[]
  /** Outbox records that were added, or changed. */
  readonly added?: readonly number[]
  /** Mutations that left the outbox. */
  readonly settled?: readonly string[] | undefined
  /** What is parked, or in quarantine, changed. */
  readonly parked?: boolean
}

export const isTabNews = (message: unknown): message is TabNews =>
  (message as TabNews | undefined)?.type === 'news'

/** What the other tabs must know of a commit. */
export function newsOf(commit: Commit, done: Committed): TabNews {
  return {
    type: 'news',
    rows: done.rows.map(({ table, key }) => ({ table, key })),
    added: done.seq === undefined ? done.replaced : [done.seq, ...done.replaced],
    settled: commit.settle,
    parked: (done.parked ?? done.quarantined) !== undefined,
  }
}
