/** A `pg_snapshot`: which transactions it includes. */
export interface Snapshot {
  readonly xmin: number
  readonly xmax: number
  readonly running: readonly number[]
}

export const snapshotText = ({ xmin, xmax, running }: Snapshot): string =>
  `${xmin}:${xmax}:${running.join(',')}`

/** @throws when the text is no snapshot */
export function parseSnapshot(text: string): Snapshot {
  const match = /^(\d+):(\d+):((?:\d+(?:,\d+)*)?)$/.exec(text)
  if (!match) throw new Error(`'${text}' is no snapshot.`)
  const running = (match[3] ?? '') === '' ? [] : (match[3] ?? '').split(',').map(Number)
  return { xmin: Number(match[1]), xmax: Number(match[2]), running }
}

/** As `pg_visible_in_snapshot`. */
export function includes({ xmin, xmax, running }: Snapshot, xid: number): boolean {
  if (xid < xmin) return true
  return xid < xmax && !running.includes(xid)
}
