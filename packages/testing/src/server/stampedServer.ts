import type { AnyTable } from '@tidemark/core'
import type { Row, Transaction } from './database.js'
import { SimServer } from './server.js'

/** A server whose tables have defaults and triggers: `created_at` is kept, generated columns are computed. */
export class StampedServer extends SimServer {
  override put(transaction: Transaction, name: string, row: Row): void {
    const table = this.database.mustTable(name)
    const full: Row = { ...defaultsOf(table, new Date(this.options.now()).toISOString()), ...row }
    super.put(transaction, name, { ...full, ...table.derive?.(full) })
  }
}

/** What Postgres fills in: defaults, null where null is allowed, and when the row was made. */
const defaultsOf = ({ row }: AnyTable, created_at: string): Row =>
  Object.fromEntries(
    Object.entries(row._zod.def.shape).flatMap(([column, { _zod }]) => {
      const def = _zod.def as { type: string; defaultValue?: unknown }
      if (column === 'created_at') return [[column, created_at]]
      if (def.type === 'default') return [[column, def.defaultValue]]
      return def.type === 'nullable' ? [[column, null]] : []
    }),
  )
