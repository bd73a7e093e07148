import type { Columns } from '../../base/json.js'
import type { ExactTableDigest } from '../../remote/exact.js'
import { hashOf } from './mark.js'

const buckets = 256
const half = 2 ** 24

/** The bucket of a row: the lowest bits of its hash. */
export const bucketOf = (hash: number): number => hash % buckets

/** The buckets in which the rows of this device and the server's are not the same. */
export function differences(
  { counts = [], xors = [] }: ExactTableDigest,
  local: readonly Columns[],
): number[] {
  const own = digestOf(local)
  return own.counts
    .map((count, bucket) => (count !== counts[bucket] || own.xors[bucket] !== xors[bucket] ? bucket : -1))
    .filter((bucket) => bucket >= 0)
}

/** Rows that are not what was stored count as missing. */
function digestOf(rows: readonly Columns[]): { counts: number[]; xors: number[] } {
  const counts = new Array<number>(buckets).fill(0)
  const [high, low] = [new Int32Array(buckets), new Int32Array(buckets)]
  for (const row of rows) {
    const hash = hashOf(row)
    if (hash === undefined) continue
    const bucket = bucketOf(hash)
    counts[bucket] = (counts[bucket] ?? 0) + 1
    // A hash has 48 bits, and JavaScript's operators 32.
    high[bucket] = (high[bucket] ?? 0) ^ Math.floor(hash / half)
    low[bucket] = (low[bucket] ?? 0) ^ (hash % half)
  }
  return { counts, xors: counts.map((_, bucket) => (high[bucket] ?? 0) * half + (low[bucket] ?? 0)) }
}
