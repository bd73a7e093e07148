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
  const from = eq ?? gte ?? gt
  const to = eq ?? lte ?? lt
  return (from === undefined || from === null) && (to === undefined || to === null) ? undefined : { from, to }
}
