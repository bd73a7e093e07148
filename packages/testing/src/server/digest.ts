import type { ExactDigestAnswer, ExactDigestRequest, ExactTableDigest } from '@tidemark/core/remote'
import { hashOf } from './hash.js'
import type { SimServer } from './server.js'
import { snapshotText } from './snapshot.js'

const buckets = 256
const half = 2 ** 24

/** `tidemark_digest`, as PROTOCOL.md of @tidemark/postgres says it. */
export function digest(server: SimServer, user: string, request: ExactDigestRequest): ExactDigestAnswer {
  const tables = Object.entries(request.tables).map(([name, scope]) => [
    name,
    tableDigest(server, user, name, scope),
  ])
  return {
    epoch: server.epoch,
    snapshot: snapshotText(server.database.snapshot),
    tables: Object.fromEntries(tables) as Record<string, ExactTableDigest>,
  }
}

function tableDigest(
  server: SimServer,
  user: string,
  name: string,
  { ranges, buckets: wanted }: ExactDigestRequest['tables'][string],
): ExactTableDigest {
  const seen = new Set(server.visible(user, name))
  const versions = server.database.all(name).filter(({ row }) => {
    if (!seen.has(row)) return false
    return (
      !ranges ||
      ranges.some(({ column, from, to }) => {
        const value = row[column] as number
        return value >= (from as number) && value <= (to as number)
      })
    )
  })
  if (!wanted) return compare(versions.map(hashOf))
  const found = versions.filter((version) => wanted.includes(hashOf(version) % buckets))
  return {
    rows: found.map(({ row, seq }) => ({ ...row, sync_seq: seq })),
    hashes: found.map(hashOf),
  }
}

function compare(hashes: readonly number[]): ExactTableDigest {
  const counts = new Array<number>(buckets).fill(0)
  const high = new Int32Array(buckets)
  const low = new Int32Array(buckets)
  for (const hash of hashes) {
    const bucket = hash % buckets
    counts[bucket] = (counts[bucket] ?? 0) + 1
    high[bucket] = (high[bucket] ?? 0) ^ Math.floor(hash / half)
    low[bucket] = (low[bucket] ?? 0) ^ (hash % half)
  }
  return { counts, xors: counts.map((_, bucket) => (high[bucket] ?? 0) * half + (low[bucket] ?? 0)) }
}
