import type { Condition, Where } from './query.js'

export const operators: readonly string[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in']

/** A bare value as the condition that it stands for. An object is a condition when all its keys are operators. */
export function toCondition(test: unknown): Condition<unknown> {
  return isPlain(test) && isCondition(Object.keys(test)) ? test : { eq: test }
}

/** An object that is neither a date nor a list. */
export const isPlain = (test: unknown): test is object =>
  typeof test === 'object' && test !== null && !(test instanceof Date) && !Array.isArray(test)

const isCondition = (names: readonly string[]): boolean =>
  names.length > 0 && names.every((name) => operators.includes(name))

/** What every matching row must meet, column by column. */
export interface TopConditions {
  readonly byColumn: ReadonlyMap<string, Condition<unknown>>
  /** The conditions say everything that the where says. */
  readonly whole: boolean
}

/** The conditions that a where sets on single columns, those inside of `and` too; `or` and `not` are left out. */
export function topConditions(where: Where | undefined): TopConditions {
  const byColumn = new Map<string, Condition<unknown>>()
  let whole = true
  for (const [name, test] of conjuncts(where)) {
    const known = byColumn.get(name)
    const condition = toCondition(test)
    const isSayable = name !== 'or' && name !== 'not' && !sharesOperator(known, condition)
    if (isSayable) byColumn.set(name, { ...known, ...condition })
    else whole = false
  }
  return { byColumn, whole }
}

const sharesOperator = (known: object | undefined, condition: object): boolean =>
  known !== undefined && Object.keys(condition).some((operator) => operator in known)

function conjuncts(where: Where | undefined): (readonly [name: string, test: unknown])[] {
  return Object.entries(where ?? {}).flatMap(([name, test]) => {
    if (test === undefined) return []
    return name === 'and' ? (test as readonly Where[]).flatMap(conjuncts) : [[name, test] as const]
  })
}
