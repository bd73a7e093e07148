import { toCondition } from './predicate.js'
import type { Where } from './query.js'

/** The interval of one column that a where allows; an end that it does not bound is `undefined`. No interval: not constrained. */
export function rangeOf(
  where: Where | undefined,
  column: string,
): { from: unknown; to: unknown } | undefined {
  const test = (where as Readonly<Record<string, unknown>> | undefined)?.[column]
  if (test === undefined) return undefined
  const { eq, gt, gte, lt, lte } = toCondition(test)
  const from = firstOf(eq, gte, gt)
  const to = firstOf(eq, lte, lt)
  return from === undefined && to === undefined ? undefined : { from, to }
}

const firstOf = (...bounds: unknown[]): unknown =>
  bounds.find((bound) => bound !== undefined && bound !== null)
