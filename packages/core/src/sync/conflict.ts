import { compareInstants } from '../base/instant.js'
import { changedColumns, omit, sameValue, type Columns } from '../base/json.js'
import { prepareUpdate } from '../mutations/prepare.js'
import type { Outgoing } from '../outbox/coalesce.js'
import type { Mutation } from '../outbox/mutation.js'
import { applyPatches } from '../outbox/patches.js'
import type { ProtocolContext } from '../remote/protocol.js'
import { neverSent } from '../schema/codec.js'
import { keyId } from '../schema/key.js'
import type { Table } from '../schema/table.js'

/** When an entry was last written, as ISO time. */
export const writtenAt = ({ mutations }: Outgoing): string =>
  new Date(mutations.at(-1)?.at ?? 0).toISOString()

/** True when, by the table's policy `updated-at`, the server's row is newer than what was written. */
export const outdated = (table: Table, entry: Outgoing, server: Columns): boolean =>
  table.conflict === 'updated-at' && (compareInstants(server.updated_at, writtenAt(entry)) ?? 0) > 0

/**
 * Asks the table's conflict function when the server's row is not the one that an update was made on, and puts what it
 * decided in the update's place. Resolves with true when that changed the outbox.
 *
 * @throws what the function throws, and ValidationError when what it answers does not fit
 */
export async function resolveConflict(
  { store, userId, ports }: ProtocolContext,
  table: Table,
  entry: Outgoing,
): Promise<boolean> {
  const [first, ...others] = entry.mutations
  const remote = store.overlay.base(table.name, keyId(entry.key))
  if (typeof table.conflict !== 'function' || entry.op !== 'update' || !first?.base || !remote) return false
  if (sameValue(compared(table, first.base), compared(table, remote))) return false
  const local = applyPatches(first.base, entry.mutations) ?? first.base
  const decided = table.conflict(first.base, local, remote)
  const patch = changedColumns(remote, compared(table, decided))
  const context = { userId, ports, mutationId: () => first.id }
  const prepared = prepareUpdate(table, entry.key, remote, patch, context)
  const replace: Mutation[] = prepared
    ? [{ ...prepared.mutation, at: first.at, group: first.group, base: remote }]
    : []
  const settle = (prepared ? others : entry.mutations).map(({ id }) => id)
  await store.commit({ replace, settle })
  return true
}

/** What of a row two sides can disagree about. */
const compared = (table: Table, row: Columns): Columns => omit(row, [...neverSent(table), '_sync'])
