import { TidemarkError } from '../base/errors.js'
import type { Table } from '../schema/table.js'
import { orderColumns } from './order.js'
import type { Query, Where } from './query.js'

/**
 * Refuses a query that the table cannot answer.
 *
 * @throws TidemarkError `query-invalid` that names the table and the column.
 */
export function checkQuery(table: Table, { where, orderBy, limit }: Query): void {
  const named = [...columnsOf(where), ...orderColumns(orderBy).map(([column]) => column)]
  for (const column of named) if (!(column in table.row._zod.def.shape)) throw unknownColumn(table, column)
  const direction = orderColumns(orderBy).find(([, way]) => way !== 'asc' && way !== 'desc')
  if (direction) throw invalid(table, `the direction of '${direction[0]}' must be 'asc' or 'desc'`)
  if (limit !== undefined && !(limit >= 0)) throw invalid(table, `the limit must be 0 or more, not ${limit}`)
}

export const unknownColumn = (table: Table, column: string): TidemarkError =>
  invalid(
    table,
    `there is no column '${column}'; its columns are ${Object.keys(table.row._zod.def.shape).join(', ')}`,
  )

function columnsOf(where: Where | undefined): string[] {
  return Object.entries(where ?? {}).flatMap(([name, test]) => {
    if (test === undefined) return []
    if (name === 'and' || name === 'or') return (test as readonly Where[]).flatMap(columnsOf)
    return name === 'not' ? columnsOf(test as Where) : [name]
  })
}

const invalid = (table: Table, what: string): TidemarkError =>
  new TidemarkError('query-invalid', `A query of '${table.name}': ${what}.`, { table: table.name })
