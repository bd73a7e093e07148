import type { FeedChannel } from './channelName.js'
import { maxEntityIds } from './pubsubProtocol.js'

/** What the PubSub service can tell of: one entity, or the lists of its code. It knows no scopes. */
export interface Entity {
  /** The same for all channels that stand for this. */
  readonly name: string
  /** The entity code. */
  readonly type: string
  /** In lower case; left out: its lists. */
  readonly id?: string
}

/** What a channel stands for; `undefined` for one of a scope, of which the service does not tell. */
export function entityOf(channel: FeedChannel): Entity | undefined {
  if (channel.kind === 'factory') return undefined
  const { type } = channel
  if (channel.kind === 'list') return { name: `list:${type}`, type }
  const id = channel.id.toLowerCase()
  return { name: `doc:${type}:${id}`, type, id }
}

export interface EntitySubscription {
  readonly payload: { readonly entityCode: string; readonly entityIds: string[]; readonly list?: true }
  readonly entities: readonly Entity[]
}

/** The fewest messages that name these entities. */
export function subscriptionsOf(entities: readonly Entity[]): EntitySubscription[] {
  const byType = new Map<string, Entity[]>()
  for (const entity of entities) byType.set(entity.type, [...(byType.get(entity.type) ?? []), entity])
  return [...byType.values()].flatMap((some) =>
    chunks(some).map((chunk) => ({ payload: payloadOf(chunk), entities: chunk })),
  )
}

function payloadOf(entities: readonly [Entity, ...Entity[]]): EntitySubscription['payload'] {
  const entityIds = entities.flatMap(({ id }) => id ?? [])
  const list = entityIds.length < entities.length
  return { entityCode: entities[0].type, entityIds, ...(list && { list }) }
}

const chunks = (entities: readonly Entity[]): [Entity, ...Entity[]][] =>
  Array.from(
    { length: Math.ceil(entities.length / maxEntityIds) },
    (_, index) => entities.slice(index * maxEntityIds, (index + 1) * maxEntityIds) as [Entity, ...Entity[]],
  )
