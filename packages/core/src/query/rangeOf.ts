import { topConditions } from './conditions.js'
import type { Where } from './query.js'

/**
 * The interval of one column outside of which no row matches; an end that the where leaves open is `undefined`.
 * No interval: the column is not constrained for every row.
 */
export function rangeOf(
  where: Where | undefined,
  column: string,
): { from: unknown; to: unknown } | undefined {
  const condition = topConditions(where).byColumn.get(column)
  if (!condition) return undefined
  const { eq, gt, gte, lt, lte, in: among = [] } = condition
  const from = furthest(1, [eq, gt, gte, furthest(-1, among)])
  const to = furthest(-1, [eq, lt, lte, furthest(1, among)])
  return from === undefined && to === undefined ? undefined : { from, to }
}

/** The highest value (side 1) or the lowest (side -1). */
const furthest = (side: 1 | -1, values: readonly unknown[]): unknown =>
  values
    .filter((value) => value !== undefined && value !== null)
    .reduce<unknown>((best, value) => {
      if (best === undefined) return value
      const isFurther =
        side === 1 ? (value as number) > (best as number) : (value as number) < (best as number)
      return isFurther ? value : best
    }, undefined)
