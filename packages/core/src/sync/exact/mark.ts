import type { Columns } from '../../base/json.js'
import type { ExactRows } from '../../remote/exact.js'
import type { Table } from '../../schema/table.js'
import type { Quarantined } from '../../store/commit.js'
import type { SyncMark } from '../../store/rows.js'
import { decodeRows } from '../decode.js'

/** Rows of an exact server as they are stored, each with its mark; those that do not fit are set aside. */
export function markedRows(
  table: Table,
  { rows, hashes }: ExactRows,
  now: number,
): { rows: Columns[]; quarantine: Quarantined[] } {
  const stored: Columns[] = []
  const quarantine: Quarantined[] = []
  rows.forEach(({ sync_xid: _xid, sync_seq: seq, ...server }, index) => {
    const decoded = decodeRows(table, [server], now)
    quarantine.push(...decoded.quarantine)
    for (const row of decoded.rows) stored.push(marked(row, Number(seq), hashes[index] ?? 0))
  })
  return { rows: stored, quarantine }
}

function marked(row: Columns, seq: number, hash: number): Columns {
  const mark: SyncMark = [seq, hash, sumOf(row)]
  return Object.assign(row, { _sync: mark })
}

/** The `sync_seq` of a stored row; `undefined` when it never had one. */
export const seqOf = (row: Columns | null | undefined): number | undefined =>
  (row?._sync as SyncMark | undefined)?.[0]

/** The server's hash of a stored row; `undefined` when the row is not what was stored, or never had one. */
export function hashOf(row: Columns): number | undefined {
  const [, hash, sum] = (row._sync as SyncMark | undefined) ?? []
  return sum === sumOf(row) ? hash : undefined
}

/**
 * A number under 2^53 made of a row's content, to see whether the copy on this device is still what was stored.
 * cyrb53 by bryc (public domain): two multiplicative hashes of 32 bits over the UTF-16 units.
 */
function sumOf(row: Columns): number {
  const text = JSON.stringify(row, (name, value: unknown) => {
    if (name === '_sync') return undefined
    return typeof value === 'bigint' ? String(value) : value
  })
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
