import { randomUUID } from 'node:crypto'
import { DatabaseError, type Pool, type PoolClient } from 'pg'
import type { Claims } from '../context.js'

/** What somebody may do on a topic. */
export interface Permissions {
  readonly hearsBroadcasts: boolean
  readonly hearsPresence: boolean
  readonly broadcasts: boolean
  readonly showsPresence: boolean
}

/** On a public channel everybody may do everything. */
export const everything: Permissions = {
  hearsBroadcasts: true,
  hearsPresence: true,
  broadcasts: true,
  showsPresence: true,
}

const extensions = ['broadcast', 'presence'] as const

/** The policies on `realtime.messages` decide: messages are tried to be read and written, and taken back. */
export async function permissionsOf(pool: Pool, topic: string, claims: Claims): Promise<Permissions> {
  const db = await pool.connect()
  try {
    await db.query('begin')
    const read = await readable(db, topic, claims)
    const [broadcasts, showsPresence] = [
      await writable(db, topic, 'broadcast'),
      await writable(db, topic, 'presence'),
    ]
    return {
      hearsBroadcasts: read.has('broadcast'),
      hearsPresence: read.has('presence'),
      broadcasts,
      showsPresence,
    }
  } finally {
    await db.query('rollback')
    db.release()
  }
}

async function readable(db: PoolClient, topic: string, claims: Claims): Promise<ReadonlySet<string>> {
  const ids = extensions.map(() => randomUUID())
  await db.query(
    `insert into realtime.messages (id, topic, extension, private)
     select id, $1, extension, true from unnest($2::uuid[], $3::text[]) as probe (id, extension)`,
    [topic, ids, extensions],
  )
  await db.query(
    `select set_config('realtime.topic', $1, true), set_config('request.jwt.claims', $2, true),
       set_config('role', $3, true)`,
    [topic, JSON.stringify(claims), claims.role],
  )
  const seen = await tried(db, async () => {
    const { rows } = await db.query<{ extension: string }>(
      'select extension from realtime.messages where id = any ($1)',
      [ids],
    )
    return rows.map(({ extension }) => extension)
  })
  return new Set(seen ?? [])
}

async function writable(db: PoolClient, topic: string, extension: string): Promise<boolean> {
  const done = await tried(db, () =>
    db.query('insert into realtime.messages (topic, extension, private) values ($1, $2, true)', [
      topic,
      extension,
    ]),
  )
  return done !== undefined
}

/** What the database refuses is undefined, and does not end the transaction. */
async function tried<T>(db: PoolClient, work: () => Promise<T>): Promise<T | undefined> {
  await db.query('savepoint trial')
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    await db.query('rollback to trial')
    return undefined
  }
}
