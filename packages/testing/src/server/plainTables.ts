import type { Key, Table, Transport } from '@tidemark/core'
import { getKey, RemoteError } from '@tidemark/core/remote'
import { SqlError, type Row, type Transaction } from './database.js'
import type { SimServer } from './server.js'

/**
 * The tables as REST gives them to clients of plain mode: each request is a transaction, and rows that a policy hides are
 * neither changed nor answered.
 */
export class PlainTables {
  readonly #server: SimServer
  readonly #user: string
  readonly #reach: () => Promise<unknown>

  /** @param reach gets a request to the server; rejects as the network does */
  constructor(server: SimServer, user: string, reach: () => Promise<unknown>) {
    this.#server = server
    this.#user = user
    this.#reach = reach
  }

  insert: Transport['insert'] = ({ name, key: columns }, rows) =>
    this.#within((transaction) =>
      rows.map((row) => {
        const key = getKey(columns, row)
        if (key === undefined || transaction.row(name, key))
          throw new SqlError('23505', 'The key is there already.')
        return this.#write(transaction, name, key, row)
      }),
    )

  update: Transport['update'] = (table, keys, patch) =>
    this.#within((transaction) =>
      this.#writable(transaction, table, keys).map(({ key, row }) =>
        this.#write(transaction, table.name, key, { ...row, ...patch }),
      ),
    )

  remove: Transport['remove'] = (table, keys) =>
    this.#within((transaction) =>
      this.#writable(transaction, table, keys).map(({ key, row }) => {
        transaction.remove(table.name, key)
        return row
      }),
    )

  async #within(work: (transaction: Transaction) => Row[]): Promise<Row[]> {
    await this.#reach()
    const transaction = this.#server.database.begin()
    try {
      const rows = work(transaction)
      this.#server.commit(transaction)
      return structuredClone(rows)
    } catch (error) {
      transaction.rollback()
      if (!(error instanceof SqlError)) throw error
      throw new RemoteError({ status: 400, serverCode: error.code, message: error.message })
    }
  }

  #writable(transaction: Transaction, { name }: Table, keys: readonly Key[]): { key: Key; row: Row }[] {
    return keys.flatMap((key) => {
      const row = transaction.row(name, key)
      return row && this.#server.writes(this.#user, name, row, transaction) ? [{ key, row }] : []
    })
  }

  #write(transaction: Transaction, name: string, key: Key, row: Row): Row {
    if (!this.#server.writes(this.#user, name, row, transaction))
      throw new SqlError('42501', `A policy of '${name}' refuses the row.`)
    this.#server.put(transaction, name, row)
    return transaction.row(name, key) ?? row
  }
}
