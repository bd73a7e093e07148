import { Pool, type PoolConfig } from 'pg'
import type { DevServer } from '../src/index.js'

/** Connections of a test to the server's database; it may stop before the last of them is closed. */
export function poolOf({ databaseUrl }: DevServer, options: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: databaseUrl, ...options })
  pool.on('error', () => undefined)
  return pool
}
