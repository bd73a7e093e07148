import type { ErrorRecord } from '../base/errors.js'
import { dependsOn, type Outgoing } from '../outbox/coalesce.js'
import { mergeMutations, type Mutation, type Parked } from '../outbox/mutation.js'

/** The part of a commit that parks. */
export interface Parking {
  readonly park: readonly Parked[]
  readonly settle: readonly string[]
}

/**
 * What parks a refused entry, with those of `pending` that depend on it.
 *
 * @param at now, in ms since the epoch
 */
export function parkingOf(
  { mutations }: Pick<Outgoing, 'mutations'>,
  error: ErrorRecord,
  pending: readonly Mutation[],
  at: number,
): Parking {
  const mutation = mergeMutations(mutations)
  if (!mutation) return { park: [], settle: [] }
  const refused = new Set(mutations.map(({ id }) => id))
  const others = pending.filter(({ id }) => !refused.has(id))
  const { group, rest } = dependants(mutation, others)
  const earlier = new Set(
    pending.slice(
      0,
      pending.findIndex(({ id }) => refused.has(id)),
    ),
  )
  const ahead = group.filter((one) => earlier.has(one)).length
  const waiting = [...group, ...rest]
  const parked: Parked = { id: mutation.id, mutation, error, waiting, at, ...(ahead > 0 && { ahead }) }
  return { park: [parked], settle: [...refused, ...waiting.map(({ id }) => id)] }
}

/**
 * The mutations that cannot take effect without the refused one, directly or through each other. A group goes as a whole, and is
 * sent again as one only if nothing lies between its writes: `rest` comes behind it.
 */
function dependants(
  refused: Mutation,
  others: readonly Mutation[],
): { group: readonly Mutation[]; rest: readonly Mutation[] } {
  const chain = new Set([refused])
  for (let size = 0; size < chain.size;) {
    size = chain.size
    for (const mutation of others)
      if ([...chain].some((earlier) => dependsOn(mutation, earlier))) chain.add(mutation)
  }
  const isOfGroup = ({ group }: Mutation): boolean => group !== undefined && group === refused.group
  return {
    group: others.filter(isOfGroup),
    rest: others.filter((mutation) => chain.has(mutation) && !isOfGroup(mutation)),
  }
}
