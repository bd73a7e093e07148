import type { Row, Transaction } from './database.js'
import { SimServer } from './server.js'

/** A server whose tables have the triggers of an app: `created_at` is kept, generated columns are computed. */
export class StampedServer extends SimServer {
  override put(transaction: Transaction, name: string, row: Row): void {
    const table = this.database.mustTable(name)
    const stamped =
      'created_at' in table.row._zod.def.shape
        ? { created_at: new Date(this.options.now()).toISOString(), ...row }
        : row
    super.put(transaction, name, { ...stamped, ...table.derive?.(stamped) })
  }
}
