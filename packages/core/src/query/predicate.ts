import { sameValue, type Columns } from '../base/json.js'
import { toCondition } from './conditions.js'
import type { Condition, Where } from './query.js'

/** SQL's third truth value: neither true nor false. */
type Truth = boolean | undefined
type Check = (row: Columns) => Truth

/**
 * A where as a function of a row, with SQL's logic: a comparison with null is unknown, unknown is no match, and the `not` of
 * unknown is unknown. Text is compared by UTF-16 code units, as IndexedDB does.
 */
export function compilePredicate(where: Where | undefined): (row: Columns) => boolean {
  const checks = checksOf(where)
  const [first, second] = checks
  if (!first) return () => true
  if (!second) return (row) => first(row) === true
  return (row) => {
    for (const check of checks) if (check(row) !== true) return false
    return true
  }
}

function checksOf(where: Where | undefined): Check[] {
  return Object.entries(where ?? {}).flatMap(([name, test]) => {
    if (test === undefined) return []
    if (name === 'and') return (test as readonly Where[]).flatMap(checksOf)
    if (name === 'or') return [anyOf((test as readonly Where[]).map((part) => allOf(checksOf(part))))]
    if (name === 'not') return [negated(allOf(checksOf(test as Where)))]
    return columnChecks(name, toCondition(test))
  })
}

function columnChecks(column: string, condition: Condition<unknown>): Check[] {
  return Object.entries(condition).flatMap(([operator, operand]) =>
    operand === undefined ? [] : [columnCheck(column, operator, operand)],
  )
}

function columnCheck(column: string, operator: string, operand: unknown): Check {
  if (operator === 'eq' && operand === null) return (row) => row[column] === null || row[column] === undefined
  // An empty list holds nothing, not even the unknown.
  if (operator === 'in' && (operand as readonly unknown[]).length === 0) return () => false
  const test = compare(operator, operand)
  return (row) => {
    const value = row[column]
    return value === null || value === undefined ? undefined : test(value)
  }
}

function compare(operator: string, operand: unknown): (value: unknown) => boolean {
  if (operator === 'in') return oneOf(operand as readonly unknown[])
  if (operator === 'eq') return equals(operand)
  if (operator === 'ne') {
    const same = equals(operand)
    return (value) => !same(value)
  }
  if (!(operand instanceof Date)) return isOn(operator, operand as number)
  // By their numbers: to compare two dates as they are is ten times slower.
  const test = isOn(operator, operand.getTime())
  return (value) => value instanceof Date && test(value.getTime())
}

/** Which side of a limit a value lies on. Values of one column are of one kind, so any kind may stand for a number here. */
function isOn(operator: string, limit: number): (value: unknown) => boolean {
  if (operator === 'gt') return (value) => (value as number) > limit
  if (operator === 'gte') return (value) => (value as number) >= limit
  if (operator === 'lt') return (value) => (value as number) < limit
  return (value) => (value as number) <= limit
}

function equals(operand: unknown): (value: unknown) => boolean {
  if (typeof operand === 'object') return (value) => sameValue(value, operand)
  return (value) => value === operand
}

function oneOf(operands: readonly unknown[]): (value: unknown) => boolean {
  if (operands.some((operand) => typeof operand === 'object'))
    return (value) => operands.some((operand) => sameValue(operand, value))
  const set = new Set(operands)
  return (value) => set.has(value)
}

const allOf =
  (checks: readonly Check[]): Check =>
  (row) => {
    let unknown = false
    for (const check of checks) {
      const truth = check(row)
      if (truth === false) return false
      unknown ||= truth === undefined
    }
    return unknown ? undefined : true
  }

const anyOf =
  (checks: readonly Check[]): Check =>
  (row) => {
    let unknown = false
    for (const check of checks) {
      const truth = check(row)
      if (truth === true) return true
      unknown ||= truth === undefined
    }
    return unknown ? undefined : false
  }

const negated =
  (check: Check): Check =>
  (row) => {
    const truth = check(row)
    return truth === undefined ? undefined : !truth
  }
