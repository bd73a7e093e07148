import type { Key } from '@tidemark/core'
import type { Row, Transaction } from './database.js'
import type { SimServer } from './server.js'

/** Writes past every client, as another app or an administrator makes them. All of one call are one transaction. */
export interface ServerWrites {
  /** Inserts or replaces a row. Columns that have a default, are generated or are stamps may be left out. */
  put(table: string, row: Row): void
  /** Changes columns of a row; nothing happens when it is not there. */
  patch(table: string, key: Key, columns: Row): void
  remove(table: string, key: Key): void
}

/** The writes of one transaction of a server. */
export const writesOf = (server: SimServer, transaction: Transaction): ServerWrites => ({
  put: (table, row) => server.put(transaction, table, row),
  patch: (table, key, columns) => {
    const row = transaction.row(table, key)
    if (row) server.put(transaction, table, { ...row, ...columns })
  },
  remove: (table, key) => void transaction.remove(table, key),
})
