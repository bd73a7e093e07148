import type { Plan } from './plan/plan.js'
import type { Outcome } from './transaction.js'

/** How many rows there are without a page's limits; undefined when nobody asked, or nobody knows. */
export function totalOf({ preferences: { count }, catalog }: Plan, outcome: Outcome): number | undefined {
  const total = outcome.total === null ? undefined : Number(outcome.total)
  if (count === 'planned') return outcome.planned
  if (count !== 'estimated' || total === undefined) return total
  // Few rows have been counted; of many the planner has an idea, which cannot be less than what was seen.
  return total > catalog.settings.maxRows ? Math.max(total, outcome.planned ?? 0) : total
}
