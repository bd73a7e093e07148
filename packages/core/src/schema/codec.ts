import { safeEncode, safeParse, type $ZodIssue, type $ZodType } from 'zod/v4/core'
import { ValidationError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import { getKey, type Key } from './key.js'
import type { Table } from './table.js'

const shapeOf = (table: Table): Readonly<Record<string, $ZodType>> => table.row._zod.def.shape

/**
 * A server row as the client's row. Columns that the declaration does not know are kept as they are.
 *
 * @throws ValidationError when the row does not fit.
 */
export function decodeRow(table: Table, server: Columns): Columns {
  const result = safeParse(table.row, server)
  if (!result.success) throw invalid(table, server, result.error.issues)
  const row = result.data as Record<string, unknown>
  const shape = shapeOf(table)
  for (const column in server) if (!(column in shape)) row[column] = server[column]
  return row
}

/**
 * A client row as the server's values; this is also its validation.
 *
 * @throws ValidationError when the row does not fit.
 */
export function encodeRow(table: Table, row: Columns): Columns {
  const result = safeEncode(table.row, row as never)
  if (!result.success) throw invalid(table, row, result.error.issues)
  return result.data
}

/** What the core gives a new row when the app does not. */
export interface InsertContext {
  readonly userId: string
  /** ISO time. */
  readonly now: string
  readonly uuid: () => string
}

/**
 * Completes an insert. `local` names the columns that only stand in until the server answers:
 * Postgres' own defaults and computed values must win, so they are not sent.
 */
export function completeInsert(
  table: Table,
  given: Columns,
  context: InsertContext,
): { row: Columns; local: readonly string[] } {
  const row: Record<string, unknown> = { ...given }
  const local = new Set<string>(neverSent(table))
  for (const [column, schema] of Object.entries(shapeOf(table))) {
    if (row[column] !== undefined) continue
    const filled = fill(table, column, schema, context)
    if (filled === undefined) continue
    row[column] = filled.value
    if (filled.local) local.add(column)
  }
  Object.assign(row, table.derive?.(row))
  return { row, local: [...local].filter((column) => column in row) }
}

/** Columns that are the server's to say. */
export const neverSent = (table: Table): readonly string[] => [...table.generated, 'updated_at']

/** The present time as the column's client value (text, or what its codec makes of it). */
export function stamp(table: Table, column: string, now: string): unknown {
  const schema = shapeOf(table)[column]
  const result = schema && safeParse(schema, now)
  return result?.success === true ? result.data : undefined
}

function fill(
  table: Table,
  column: string,
  schema: $ZodType,
  context: InsertContext,
): { value: unknown; local: boolean } | undefined {
  if (column === table.owner) return { value: context.userId, local: false }
  if (table.key.length === 1 && column === table.key[0]) return { value: context.uuid(), local: false }
  if (column === 'created_at' || column === 'updated_at')
    return { value: stamp(table, column, context.now), local: true }
  const { def } = schema._zod as { def: { type: string; defaultValue?: unknown } }
  if (def.type === 'default' || def.type === 'prefault') return { value: def.defaultValue, local: false }
  return safeEncode(schema, null).success ? { value: null, local: true } : undefined
}

const invalid = (table: Table, row: Columns, issues: readonly $ZodIssue[]): ValidationError =>
  new ValidationError(issues, { table: table.name, key: getKey(table.key, row) })

/** The key that a new row will have, as far as the app and the owner column give it; `undefined` when it is yet to be made. */
export function completeKey(table: Table, given: Columns, userId: string): Key | undefined {
  const owned =
    table.owner !== undefined && given[table.owner] === undefined
      ? { ...given, [table.owner]: userId }
      : given
  return getKey(table.key, owned)
}
