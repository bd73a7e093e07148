import { framesOf, type News, type SendQueue } from '../connection/sendQueue.js'
import type { SubscriptionIndex } from '../subscriptions/subscriptionIndex.js'
import type { Change } from './change.js'
import type { Position } from './logWatcher.js'

/** Whoever can be told. */
export interface Receiver {
  readonly queue: SendQueue
}

/** What one receiver hears of a batch, as places in it. */
interface Selection {
  readonly changes: number[]
  readonly lists: number[]
}

/**
 * Gives a batch to whom it concerns, and no more of it than concerns them. Those who hear the same share the frames, so that
 * telling ten thousand of one change is writing the same bytes ten thousand times.
 * @param changes one of each entity
 * @returns how many receivers were told
 */
export function deliver<Who extends Receiver>(
  index: SubscriptionIndex<Who>,
  changes: readonly Change[],
  { seq }: Position,
): number {
  const lists = [...new Set(changes.filter((change) => change.lists).map(({ entityCode }) => entityCode))]
  const shared = new Map<string, News>()
  const selections = select(index, changes, lists)
  for (const [who, selection] of selections) {
    const key = `${selection.changes.join()};${selection.lists.join()}`
    let news = shared.get(key)
    if (news === undefined) shared.set(key, (news = newsOf(selection, changes, lists, seq)))
    who.queue.deliver(news)
  }
  return selections.size
}

function select<Who extends Receiver>(
  index: SubscriptionIndex<Who>,
  changes: readonly Change[],
  lists: readonly string[],
): Map<Who, Selection> {
  const selections = new Map<Who, Selection>()
  const of = (who: Who) => {
    let selection = selections.get(who)
    if (selection === undefined) selections.set(who, (selection = { changes: [], lists: [] }))
    return selection
  }
  changes.forEach(({ entityCode, entityId }, place) => {
    for (const who of index.subscribersOf(entityCode, entityId)) of(who).changes.push(place)
  })
  lists.forEach((list, place) => {
    for (const who of index.subscribersOfList(list)) of(who).lists.push(place)
  })
  return selections
}

function newsOf(
  selection: Selection,
  changes: readonly Change[],
  lists: readonly string[],
  seq: string,
): News {
  const ownChanges = selection.changes.flatMap((place) => changes[place] ?? [])
  const ownLists = selection.lists.flatMap((place) => lists[place] ?? [])
  return { changes: ownChanges, lists: ownLists, seq, frames: framesOf(ownChanges, ownLists, seq) }
}
