import pg from 'pg'

/**
 * Opens connections to PostgreSQL, the first when it is needed. JavaScript, because `pg` brings no types: they stand in
 * `database.ts`.
 *
 * @param {string} connectionString
 * @returns {import('./database.ts').Pool}
 */
export function openPool(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 })
  // The pool does not listen to one that is in use: its query fails, and its error would end the process as well.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
