import { encode } from 'zod/v4/core'
import type { ExactPullRequest, WireRange } from '../../remote/exact.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import type { Range, Table } from '../../schema/table.js'
import { heldRanges } from '../held.js'
import { missingRanges } from '../ranges.js'
import { rangeWhere } from '../window.js'
import type { Position } from './state.js'

/** Rows a page. */
const pageSize = 1_000

/** What one pull asks for. */
export interface PullPlan {
  readonly request: Omit<ExactPullRequest, 'page'>
  /** Tables that are fetched as a whole. */
  readonly full: readonly Table[]
  /** Ranges that are held after it. */
  readonly ranges: ReadonlyMap<Table, readonly Range[]>
  /** Ranges that were asked for, and need not be any more after it. */
  readonly asked: ReadonlyMap<Table, readonly Range[]>
}

/** Plans a pull from a position: what has changed of every table, and the whole of what is not held yet. */
export async function planPull(
  { store, coming }: ProtocolContext,
  tables: readonly Table[],
  { cookie, epoch, tables: held }: Position,
): Promise<PullPlan> {
  const full = tables.filter(({ name }) => cookie === null || !held.includes(name))
  const asked = new Map(tables.map((table) => [table, coming.get(table) ?? []]))
  const ranges = new Map<Table, readonly Range[]>()
  for (const table of tables)
    if (table.window) {
      const known = await heldRanges(store, table)
      const wanted = asked.get(table) ?? []
      ranges.set(
        table,
        full.includes(table) ? [...known, ...wanted] : wanted.flatMap((range) => missingRanges(known, range)),
      )
    }
  const request = {
    cookie,
    epoch,
    tables: tables.map(({ name }) => name),
    full: full.map(({ name }) => name),
    ranges: Object.fromEntries([...ranges].map(([table, list]) => [table.name, wireRanges(table, list)])),
    limit: pageSize,
  }
  return { request, full, ranges, asked }
}

/** Ranges of a windowed table in the column's server values. */
export const wireRanges = (table: Table, ranges: readonly Range[]): WireRange[] =>
  ranges.flatMap((range) =>
    Object.entries(rangeWhere(table, range)).map(([column, test]) => {
      const { gte, lte } = test as { gte: unknown; lte: unknown }
      const schema = table.row._zod.def.shape[column]
      const wire = (value: unknown): unknown => (schema ? encode(schema, value as never) : value)
      return { column, from: wire(gte), to: wire(lte) }
    }),
  )
