/**
 * What was committed at a moment, as Postgres writes it (`xmin:xmax:xip,…`): every transaction before `xmax` but those in
 * `running`. Transaction ids are 64 bit, so they are BigInts here and text on the wire.
 */
export interface Snapshot {
  readonly xmax: bigint
  readonly running: ReadonlySet<bigint>
}

/** @param text of a `pg_snapshot` */
export function parseSnapshot(text: string): Snapshot {
  const [, xmax = '', running = ''] = text.split(':')
  return { xmax: BigInt(xmax), running: new Set(running === '' ? [] : running.split(',').map(BigInt)) }
}

export function formatSnapshot(snapshot: Snapshot): string {
  const running = [...snapshot.running].sort((a, b) => (a < b ? -1 : 1))
  return `${String(oldest(snapshot))}:${String(snapshot.xmax)}:${running.join(',')}`
}

/** The first transaction that is not over: everything before it is in the snapshot. */
export function oldest({ xmax, running }: Snapshot): bigint {
  let least = xmax
  for (const xid of running) if (xid < least) least = xid
  return least
}

export const includes = ({ xmax, running }: Snapshot, xid: bigint): boolean => xid < xmax && !running.has(xid)

/** Whether all that `part` includes is in `whole` too. */
export function covers(whole: Snapshot, part: Snapshot): boolean {
  for (const xid of whole.running) if (includes(part, xid)) return false
  for (let xid = whole.xmax; xid < part.xmax; xid++) if (includes(part, xid)) return false
  return true
}

/** What is in one or the other. */
export function union(one: Snapshot, other: Snapshot): Snapshot {
  const [less, more] = one.xmax < other.xmax ? [one, other] : [other, one]
  return { xmax: more.xmax, running: new Set([...more.running].filter((xid) => !includes(less, xid))) }
}

/**
 * A snapshot that knows less: what the last `count` transactions did is news again. A database that crashed may give an
 * id a second time when nothing of the first was on disk.
 */
export function before(snapshot: Snapshot, count: bigint): Snapshot {
  const least = oldest(snapshot)
  const first = least > count + 3n ? least - count : 3n // 3 is the first id of an ordinary transaction.
  return { xmax: first, running: new Set() }
}
