/** What one log row says, or several of one entity together. */
export interface Change {
  readonly entityCode: string
  readonly entityId: string
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE'
  /** Left out where a log row was written without one. */
  readonly version?: number
  /** Whether lists of the entity may have other rows now: one came, went, or is shared with others. */
  readonly lists: boolean
}

const deleted = 5
const created = 6
const shared = 4
const owned = 7

/** The action of the log as clients hear it. */
export function actionOf(action: number): Change['action'] {
  if (action === created) return 'CREATE'
  return action === deleted ? 'DELETE' : 'UPDATE'
}

export const changesLists = (action: number): boolean => [created, deleted, shared, owned].includes(action)

/**
 * Makes one change of each entity out of a run of them, in the order in which each was first met.
 * @param changes oldest first for each entity
 */
export function coalesce(changes: Iterable<Change>): Change[] {
  const byEntity = new Map<string, Change>()
  for (const change of changes) {
    const key = `${change.entityCode}:${change.entityId}`
    const earlier = byEntity.get(key)
    byEntity.set(key, earlier === undefined ? change : merge(earlier, change))
  }
  return [...byEntity.values()]
}

/** The later change, which stays a creation where the entity was created just before. */
export function merge(earlier: Change, later: Change): Change {
  const action = earlier.action === 'CREATE' && later.action === 'UPDATE' ? 'CREATE' : later.action
  const version = highest(earlier.version, later.version)
  return {
    ...later,
    action,
    lists: earlier.lists || later.lists,
    ...(version !== undefined && { version }),
  }
}

function highest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.max(one, other)
}
