import type { Pool } from 'pg'
import type { Connection } from '../connection/connection.js'
import type { SubscriptionIndex } from '../subscriptions/subscriptionIndex.js'
import type { Position } from './logWatcher.js'
import { readChangedLists, readMissed, readState } from './readLog.js'
import { oldest, parseSnapshot } from './snapshot.js'

/** The most entities that are sent again; whoever missed more fetches what is shown. */
const many = 5_000
/** How many transactions before the client's position are sent again, in case the database crashed: see LogWatcher. */
const margin = 1_000n

/**
 * Sends what a client has missed of its subscriptions since a position, or tells it to fetch again where that is not known.
 * Any instance can do so, since the log itself is asked.
 */
export async function resume(
  pool: Pool,
  index: SubscriptionIndex<Connection>,
  connection: Connection,
  from: Position,
): Promise<void> {
  const { epoch, snapshot, prunedThrough } = await readState(pool)
  const now = parseSnapshot(snapshot)
  const seq = String(oldest(now))
  const refetch = (reason: 'epoch' | 'expired' | 'many') =>
    connection.queue.send({ type: 'REFETCH', payload: { reason, epoch, seq } })
  const asked = BigInt(from.seq)
  if (from.epoch !== epoch || asked > now.xmax) return refetch('epoch')
  if (asked <= BigInt(prunedThrough)) return refetch('expired')

  const { entities, lists } = index.of(connection)
  const pairs = [...entities].flatMap(([code, ids]) => [...ids].map((id) => ({ code, id })))
  const since = String(asked > margin ? asked - margin : 0n)
  const columns = { codes: pairs.map(({ code }) => code), ids: pairs.map(({ id }) => id) }
  const changes = await readMissed(pool, since, columns, many + 1)
  if (changes.length > many) return refetch('many')
  const changed = lists.size === 0 ? [] : await readChangedLists(pool, since, [...lists])
  connection.queue.replay(changes, changed)
  connection.queue.send({ type: 'RESUMED', payload: { seq } })
}
