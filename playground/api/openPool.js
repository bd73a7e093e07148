import pg from 'pg'

/**
 * Opens connections to PostgreSQL, the first when it is needed. JavaScript, because `pg` brings no types: they stand in
 * `database.ts`.
 *
 * @param {string} connectionString
 * @returns {import('./database.ts').Pool}
 */
export const openPool = (connectionString) =>
  new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 })
