import type { Range } from '../schema/table.js'

/** The ranges with one more, overlapping and touching ones joined, in order. */
export function addRange(held: readonly Range[], added: Range): Range[] {
  const all = [...held, added].sort((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const [from, to] of all) {
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** The parts of `wanted` that no held range covers. */
export function missingRanges(held: readonly Range[], wanted: Range): Range[] {
  let [from] = wanted
  const [, end] = wanted
  const missing: Range[] = []
  for (const [start, stop] of held) {
    if (stop <= from) continue
    if (start >= end) break
    if (start > from) missing.push([from, start])
    from = Math.max(from, stop)
  }
  if (from < end || (from === end && !covers(held, end))) missing.push([from, end])
  return missing
}

export const covers = (held: readonly Range[], at: number): boolean =>
  held.some(([from, to]) => from <= at && at <= to)
