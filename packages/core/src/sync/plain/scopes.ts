import type { Columns } from '../../base/json.js'
import type { ProtocolContext } from '../../remote/protocol.js'
import type { Table } from '../../schema/table.js'
import { sweepValues } from './sweep.js'

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
    for (const { table: name, column, on = table.key[0] } of table.scopes)
      if (name === changed.name && on !== undefined)
        await sweepValues(context, table, on, valuesIn(rows, column))
}

/** Those that are known: of a row that was deleted, the channel tells its key only. */
const valuesIn = (rows: readonly Columns[], column: string): unknown[] =>
  [...new Set(rows.map((row) => row[column]))].filter((value) => value !== undefined && value !== null)
