import type { Columns } from '../../base/json.js'
import { keyId, type Key } from '../../schema/key.js'
import type { Table } from '../../schema/table.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import { dropGone, fetchMissing } from './sweep.js'

/**
 * A membership has changed: asks for the rows that it names in the tables it decides about. Those that may be seen now come,
 * the others go (R6). The rows themselves were not written, so nothing else would tell of them.
 */
export async function followScopes(
  context: ProtocolContext,
  changed: Table,
  rows: readonly Columns[],
): Promise<void> {
  for (const table of context.store.tables.values())
    for (const scope of table.scopes)
      if (scope.table === changed.name) {
        const keys = keysIn(rows, scope.column)
        await fetchMissing(context, table, keys)
        await dropGone(context, table, keys)
      }
}

function keysIn(rows: readonly Columns[], column: string): Key[] {
  const keys = rows
    .map((row) => row[column])
    .filter((key) => typeof key === 'string' || typeof key === 'number')
  return [...new Map(keys.map((key) => [keyId(key), key])).values()]
}
