/** A `pg_snapshot`, as text: `xmin:xmax:xip,…`. Ids of transactions are 64 bits wide. */

/** True when the effects of a transaction are part of a snapshot (as `pg_visible_in_snapshot`). */
export function isVisible(xid: string, snapshot: string): boolean {
  const [xmin = '0', xmax = '0', running = ''] = snapshot.split(':')
  const id = BigInt(xid)
  if (id < BigInt(xmin)) return true
  return id < BigInt(xmax) && !running.split(',').includes(xid)
}
