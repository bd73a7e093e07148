import { safeEncode, type $ZodType } from 'zod/v4/core'
import { TidemarkError } from '../base/errors.js'
import type { Table } from '../schema/table.js'
import { isPlain, operators, toCondition } from './conditions.js'
import { orderColumns } from './order.js'
import type { Query, Where } from './query.js'

/**
 * Refuses a query that the table cannot answer.
 *
 * @throws TidemarkError `query-invalid` that names the table, the column and what is known.
 */
export function checkQuery(table: Table, { where, orderBy, limit }: Query): void {
  if (where !== undefined) checkWhere(table, where)
  for (const [column, direction] of orderColumns(orderBy)) {
    mustColumn(table, column)
    if (direction !== 'asc' && direction !== 'desc')
      throw invalid(table, `the direction of '${column}' must be 'asc' or 'desc'`)
  }
  if (limit !== undefined && !(limit >= 0 && Math.floor(limit) === limit))
    throw invalid(table, `the limit must be a whole number of 0 or more, not ${limit}`)
}

/**
 * The schema of a column.
 *
 * @throws TidemarkError `query-invalid` when it is not declared.
 */
export function mustColumn(table: Table, column: string): $ZodType {
  const { shape } = table.row._zod.def
  const schema = Object.hasOwn(shape, column) ? shape[column] : undefined
  if (schema) return schema
  throw invalid(table, `there is no column '${column}'; its columns are ${Object.keys(shape).join(', ')}`)
}

function checkWhere(table: Table, where: unknown): void {
  if (!isPlain(where)) throw invalid(table, "a 'where' is an object")
  for (const [name, test] of Object.entries(where as Where)) {
    if (test === undefined) continue
    if (name === 'not') checkWhere(table, test)
    else if (name === 'and' || name === 'or') checkParts(table, name, test)
    else checkTest(table, name, test)
  }
}

function checkParts(table: Table, name: string, parts: unknown): void {
  if (!Array.isArray(parts)) throw invalid(table, `'${name}' takes a list`)
  for (const part of parts) checkWhere(table, part)
}

/** An object that is no condition may be a value of the column (JSON); if it is none, it was meant as a condition. */
function checkTest(table: Table, column: string, test: unknown): void {
  const schema = mustColumn(table, column)
  const condition = toCondition(test)
  if (condition.eq === test && isPlain(test) && !safeEncode(schema, test as never).success) {
    const unknown = Object.keys(test).filter((name) => !operators.includes(name))
    throw invalid(
      table,
      `there is no operator '${unknown.join()}' for '${column}'; there are ${operators.join(', ')}`,
    )
  }
  for (const [operator, operand] of Object.entries(condition))
    if (operand !== undefined) checkOperand(table, column, operator, operand)
}

/** Only `eq` takes null, and only `eq`, `ne` and `in` take objects; nothing takes a value that has no place in an order. */
function checkOperand(table: Table, column: string, operator: string, operand: unknown): void {
  if (operator === 'eq' && operand === null) return
  const values = operator === 'in' ? operand : [operand]
  if (!Array.isArray(values) || values.some((value) => !isComparable(operator, value)))
    throw invalid(table, `'${column}' cannot be compared by '${operator}' with ${String(operand)}`)
}

function isComparable(operator: string, value: unknown): boolean {
  if (value === null || value === undefined || Number.isNaN(value)) return false
  if (value instanceof Date) return !Number.isNaN(+value)
  return typeof value !== 'object' || ['eq', 'ne', 'in'].includes(operator)
}

const invalid = (table: Table, what: string): TidemarkError =>
  new TidemarkError('query-invalid', `A query of '${table.name}': ${what}.`, { table: table.name })
