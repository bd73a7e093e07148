import type { Pool } from 'pg'
import type { Row } from './changeLog.js'
import type { Message } from './frame.js'

/** A broadcast that the database keeps. */
export interface StoredMessage {
  readonly topic: string
  readonly isPrivate: boolean
  readonly message: Message
}

/** What a row of `realtime.messages` broadcasts; undefined for one that is no broadcast. */
export function storedMessage(row: Row): StoredMessage | undefined {
  const { id, topic, event, extension, payload, binary_payload: bytes } = row
  if (extension !== 'broadcast' || typeof topic !== 'string') return undefined
  const isBytes = typeof bytes === 'string'
  return {
    topic,
    isPrivate: row.private === true,
    message: {
      event: typeof event === 'string' ? event : '',
      payload: isBytes ? Buffer.from(bytes.replace(/^\\x/, ''), 'hex') : payload,
      meta: { id },
    },
  }
}

/** Which messages a newcomer wants to hear of those before. */
export interface Replay {
  /** In ms since the epoch. */
  readonly since: number
  readonly limit: number
}

/** So many are told to a newcomer, at most. */
export const mostReplayed = 25

/** The last messages of a private topic, oldest first. */
export async function messagesSince(pool: Pool, topic: string, { since, limit }: Replay): Promise<Message[]> {
  const { rows } = await pool.query<{ row: Row }>(
    `select to_jsonb(m) as row from realtime.messages m
     where topic = $1 and private and extension = 'broadcast' and inserted_at >= to_timestamp($2) at time zone 'UTC'
     order by inserted_at desc limit $3`,
    [topic, since / 1_000, Math.min(limit, mostReplayed)],
  )
  return rows.reverse().flatMap(({ row }) => {
    const stored = storedMessage(row)
    return stored ? [{ ...stored.message, meta: { ...stored.message.meta, replayed: true } }] : []
  })
}

/** Keeps a private broadcast, which is delivered as if the database had sent it. */
export async function storeMessage(pool: Pool, topic: string, { event, payload }: Message): Promise<void> {
  const isBytes = Buffer.isBuffer(payload)
  const values = [isBytes ? null : JSON.stringify(payload), isBytes ? payload : null]
  await pool.query(
    `insert into realtime.messages (topic, extension, event, private, payload, binary_payload)
     values ($1, 'broadcast', $2, true, $3, $4)`,
    [topic, event, ...values],
  )
}

/** Forgets what is older than Supabase keeps. */
export async function forgetMessages(pool: Pool): Promise<void> {
  await pool.query(
    `delete from realtime.messages where inserted_at < now() at time zone 'UTC' - interval '72 hours'`,
  )
}
