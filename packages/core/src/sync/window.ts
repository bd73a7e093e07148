import { safeEncode } from 'zod/v4/core'
import type { Columns } from '../base/json.js'
import { rangeOf } from '../query/rangeOf.js'
import type { Where } from '../query/query.js'
import type { Range, Table } from '../schema/table.js'

/** Whole days, so that small moves of a view do not make small pulls. */
const day = 86_400_000

/** The range that a windowed table always holds, in ms around `now`. */
export function defaultRange(table: Table, now: number): Range | undefined {
  return table.window && wholeDays([now - table.window.before, now + table.window.after])
}

/** The range that a query needs, in ms; `undefined` when it does not say one. */
export function queryRange(table: Table, where: Where | undefined, now: number): Range | undefined {
  const held = defaultRange(table, now)
  const asked = table.window && rangeOf(where, table.window.on)
  if (!held || !asked) return undefined
  const from = asked.from === undefined ? held[0] : toMs(asked.from)
  const to = asked.to === undefined ? held[1] : toMs(asked.to)
  return from <= to ? wholeDays([from, to]) : undefined
}

/** The range that rows lie in, in ms; `undefined` when they do not say. */
export function rowsRange(table: Table, rows: readonly Columns[]): Range | undefined {
  const times = rows.map((row) => windowMs(table, row)).filter((ms) => !Number.isNaN(ms))
  times.sort((a, b) => a - b)
  const [from, to] = [times[0], times.at(-1)]
  return from === undefined || to === undefined ? undefined : wholeDays([from, to + 1])
}

/** The window column's conditions for a range, in the column's own kind of value. */
export function rangeWhere(table: Table, [from, to]: Range): Where {
  if (!table.window) return {}
  return { [table.window.on]: { gte: fromMs(table, from), lte: fromMs(table, to) } }
}

/** Where a row stands in the window, in ms; `NaN` when it says nothing. */
export const windowMs = (table: Table, row: Columns): number =>
  table.window ? toMs(row[table.window.on]) : Number.NaN

const wholeDays = ([from, to]: Range): Range => [Math.floor(from / day) * day, Math.ceil(to / day) * day]

function toMs(value: unknown): number {
  if (typeof value === 'string') return Date.parse(value)
  return value === null || value === undefined ? Number.NaN : Number(value)
}

function fromMs(table: Table, ms: number): unknown {
  const column = table.window && table.row._zod.def.shape[table.window.on]
  const candidates = [ms, new Date(ms), new Date(ms).toISOString()]
  return candidates.find((value) => column && safeEncode(column, value as never).success) ?? ms
}
