import type { ProtocolContext } from '../../remote/protocol.js'
import type { Table } from '../../schema/table.js'
import { pullChanges, pullRange } from './pull.js'
import { sweep } from './sweep.js'

/**
 * Pulls tables in plain mode: what has changed since each one's cookie, the ranges that are asked for and, when `sweeping`,
 * what only a comparison of keys can tell.
 */
export async function pullPlain(
  context: ProtocolContext,
  tables: readonly Table[],
  sweeping: boolean,
): Promise<void> {
  for (const table of tables) {
    // A cookie must be older than the ranges, so that what changes between the two is delivered.
    await pullChanges(context, table)
    for (const range of context.coming.get(table) ?? []) await pullRange(context, table, range)
  }
  if (sweeping) for (const table of tables) await sweep(context, table)
}
