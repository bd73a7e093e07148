import type { Pool, PoolClient } from 'pg'

/** Runs work in one transaction: what it throws undoes it. Resolves with what the work resolves with. */
export async function inTransaction<T>(pool: Pool, work: (db: PoolClient) => Promise<T>): Promise<T> {
  const db = await pool.connect()
  let broken: Error | undefined
  try {
    await db.query('begin')
    const result = await work(db)
    await db.query('commit')
    return result
  } catch (error) {
    await db
      .query('rollback')
      .catch((reason: unknown) => (broken = new Error('rollback failed', { cause: reason })))
    throw error
  } finally {
    db.release(broken)
  }
}
