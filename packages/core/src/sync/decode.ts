import { toErrorRecord, type ValidationError } from '../base/errors.js'
import type { Columns } from '../base/json.js'
import { decodeRow } from '../schema/codec.js'
import { getKey, keyId } from '../schema/key.js'
import type { Table } from '../schema/table.js'
import type { Quarantined } from '../store/commit.js'

/** Server rows as client rows; those that do not fit go to quarantine and stop nothing. */
export function decodeRows(
  table: Table,
  server: readonly Columns[],
  now: number,
): { rows: Columns[]; quarantine: Quarantined[] } {
  const rows: Columns[] = []
  const quarantine: Quarantined[] = []
  for (const row of server) {
    try {
      rows.push(decodeRow(table, row))
    } catch (error) {
      quarantine.push(quarantined(table, row, error as ValidationError, now))
    }
  }
  return { rows, quarantine }
}

function quarantined(table: Table, row: Columns, error: ValidationError, now: number): Quarantined {
  const key = getKey(table.key, row)
  const { message } = toErrorRecord(error, 'rows-invalid')
  return {
    table: table.name,
    id: key === undefined ? JSON.stringify(row) : keyId(key),
    row,
    error: { code: 'rows-invalid', message },
    at: now,
  }
}
