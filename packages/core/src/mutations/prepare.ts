import { GuardError, TidemarkError } from '../base/errors.js'
import { changedColumns, omit, sameValue, type Columns } from '../base/json.js'
import type { Ports } from '../base/ports.js'
import type { Mutation } from '../outbox/mutation.js'
import { checkSize } from '../outbox/size.js'
import { completeInsert, encodeRow, neverSent, stamp } from '../schema/codec.js'
import { getKey, type Key } from '../schema/key.js'
import type { Refusal, Table } from '../schema/table.js'

/** What a write needs to know besides the row. */
export interface WriteContext {
  readonly userId: string
  readonly ports: Pick<Ports, 'now' | 'uuid'>
  /** A new id for a mutation. */
  readonly mutationId: () => string
}

/** A checked write: the mutation, and the row as it will be seen. */
export interface Prepared {
  readonly mutation: Mutation
  readonly row: Columns | null
}

const isoNow = ({ ports }: WriteContext): string => new Date(ports.now()).toISOString()

/** State that the core adds to visible rows; no column. */
const state = ['_pending', '_error', '_sync']

/**
 * Completes, validates and guards an insert.
 *
 * @throws ValidationError, GuardError, TidemarkError `row-exists` or `too-large`
 */
export function prepareInsert(
  table: Table,
  given: Columns,
  existing: Columns | null,
  context: WriteContext,
): Prepared {
  const { row, local } = completeInsert(table, omit(given, state), {
    userId: context.userId,
    uuid: () => context.ports.uuid(),
    now: isoNow(context),
  })
  const wire = encodeRow(table, row)
  const key = getKey(table.key, row)
  if (key === undefined || existing)
    throw new TidemarkError(existing ? 'row-exists' : 'row-invalid', undefined, { table: table.name, key })
  checkOwner(table, key, row, context.userId)
  guard(table, key, table.guards.insert?.(row))
  return { mutation: make(table, key, 'insert', row, wire, local, context), row }
}

/**
 * Validates and guards an update of a visible row; `undefined` when it changes nothing.
 *
 * @throws ValidationError, GuardError, TidemarkError `row-missing`, `key-changed` or `too-large`
 */
export function prepareUpdate(
  table: Table,
  key: Key,
  visible: Columns | null,
  patch: Columns,
  context: WriteContext,
): Prepared | undefined {
  const before = mustExist(table, key, visible)
  const wanted = changedColumns(before, omit(patch, state))
  if (Object.keys(wanted).length === 0) return undefined
  const next: Record<string, unknown> = { ...before, ...wanted }
  Object.assign(next, table.derive?.(next))
  if ('updated_at' in before)
    next.updated_at = stamp(table, 'updated_at', isoNow(context)) ?? before.updated_at
  const wire = encodeRow(table, next)
  if (!sameValue(getKey(table.key, next), key))
    throw new TidemarkError('key-changed', undefined, { table: table.name, key })
  checkOwner(table, key, before, context.userId)
  checkOwner(table, key, next, context.userId)
  guard(table, key, table.guards.update?.(before, wanted))
  const changed = changedColumns(before, next)
  const local = neverSent(table).filter((column) => column in changed)
  const mutation = make(table, key, 'update', changed, wire, local, context)
  return {
    mutation: typeof table.conflict === 'function' ? { ...mutation, base: before } : mutation,
    row: { ...before, ...changed },
  }
}

/**
 * Guards a delete of a visible row.
 *
 * @throws GuardError, TidemarkError `row-missing`
 */
export function prepareDelete(
  table: Table,
  key: Key,
  visible: Columns | null,
  context: WriteContext,
): Prepared {
  const row = mustExist(table, key, visible)
  checkOwner(table, key, row, context.userId)
  guard(table, key, table.guards.delete?.(row))
  // For people: what is deleted is nowhere else to be read.
  return { mutation: { ...make(table, key, 'delete', {}, {}, [], context), base: row }, row: null }
}

function make(
  table: Table,
  key: Key,
  op: Mutation['op'],
  patch: Columns,
  encoded: Columns,
  local: readonly string[],
  context: WriteContext,
): Mutation {
  const wire = Object.fromEntries(
    Object.entries(encoded).filter(
      ([name, value]) => name in patch && !local.includes(name) && !sameValue(patch[name], value),
    ),
  )
  const mutation: Mutation = {
    id: context.mutationId(),
    table: table.name,
    key,
    op,
    patch,
    at: context.ports.now(),
    wire,
    local,
  }
  checkSize([mutation])
  return mutation
}

function mustExist(table: Table, key: Key, visible: Columns | null): Columns {
  if (!visible) throw new TidemarkError('row-missing', undefined, { table: table.name, key })
  return omit(visible, state)
}

function checkOwner(table: Table, key: Key, row: Columns, userId: string): void {
  if (table.owner !== undefined && row[table.owner] !== userId)
    throw new GuardError('not-owner', undefined, { table: table.name, key })
}

function guard(table: Table, key: Key, refusal: Refusal): void {
  if (refusal !== undefined) throw new GuardError('guarded', refusal, { table: table.name, key })
}
