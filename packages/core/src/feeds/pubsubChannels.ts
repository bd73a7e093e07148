import { safeParse } from 'zod/v4/core'
import type { Stop } from '../base/ports.js'
import type { FeedChannel } from './channelName.js'
import { anyId, type FeedAction, type FeedEvent } from './event.js'
import type { Outlets } from './outlets.js'
import { clientMessage, type ClientMessage, type ServerMessage } from './pubsubProtocol.js'
import { entityOf, subscriptionsOf, type Entity } from './pubsubSubscriptions.js'

type Payload<Type extends ServerMessage['type']> = Extract<
  ServerMessage,
  { type: Type; payload: object }
>['payload']

interface Open {
  readonly channel: FeedChannel
  readonly tell: (event: FeedEvent) => void
}

/** Channels as subscriptions of the protocol: what is to be asked of the server, and whom its news concerns. */
export class PubsubChannels {
  readonly #open = new Map<string, Set<Open>>()
  /** What the server of this connection has been asked to tell of. */
  readonly #asked = new Map<string, Entity>()
  /** What was asked and is not answered yet, in the order of asking. */
  #unanswered: (readonly Entity[])[] = []
  /** What a server has told of without a gap until now. */
  readonly #heard = new Set<string>()
  #due = false
  readonly #outlets: Outlets
  readonly #send: (message: ClientMessage) => void

  constructor(outlets: Outlets, send: (message: ClientMessage) => void) {
    this.#outlets = outlets
    this.#send = send
  }

  add(channel: FeedChannel, tell: (event: FeedEvent) => void): Stop {
    const entity = entityOf(channel)
    if (!entity) return () => undefined
    const open: Open = { channel, tell }
    const others = this.#open.get(entity.name) ?? new Set()
    this.#open.set(entity.name, others.add(open))
    this.#syncSoon()
    return () => {
      others.delete(open)
      if (others.size > 0) return
      this.#open.delete(entity.name)
      this.#syncSoon()
    }
  }

  /** What was heard so far is not followed any more. */
  forget(): void {
    this.#heard.clear()
  }

  /** Asks a new connection for everything. */
  connected(): void {
    for (const name of this.#heard) if (!this.#open.has(name)) this.#heard.delete(name)
    this.#asked.clear()
    this.#unanswered = []
    this.#sync()
  }

  subscribed({ entityCode, denied = [], list }: Payload<'SUBSCRIBED'>): void {
    const place = this.#unanswered.findIndex(
      ([first]) => entityCode === undefined || first?.type === entityCode,
    )
    const [entities = []] = place === -1 ? [] : this.#unanswered.splice(place, 1)
    for (const entity of entities) {
      const refused = entity.id === undefined ? list === false : denied.includes(entity.id)
      if (!refused && this.#heard.has(entity.name)) continue
      this.#missed(entity)
      if (!refused) this.#heard.add(entity.name)
      else
        this.#outlets.problem.next({
          message: 'The user may not hear of it, or it is not there.',
          value: entity,
        })
    }
  }

  /** Whatever was shown of what the user may see no longer is to be asked for again, and refused. */
  revoked({ entityCode, entityIds, list }: Payload<'REVOKED'>): void {
    const entities = entityIds.map((id) => entityOf({ kind: 'doc', type: entityCode, id, factoryId: '' }))
    const lists = list === true ? [entityOf({ kind: 'list', type: entityCode, factoryId: '' })] : []
    for (const entity of [...entities, ...lists]) {
      if (!entity) continue
      this.#heard.delete(entity.name)
      this.#missed(entity)
    }
  }

  invalidate({ entityCode: type, changes, timestamp: ts }: Payload<'INVALIDATE'>): void {
    const lists = { kind: 'list', type, factoryId: '' } as const
    if (changes.length === 0) this.#tell(lists, { type, id: anyId, action: 'create', ts })
    for (const { entityId: id, action, version } of changes) {
      const event = {
        type,
        id,
        action: action.toLowerCase() as FeedAction,
        ts,
        ...(version !== undefined && { version }),
      }
      this.#tell({ kind: 'doc', type, id, factoryId: '' }, event)
      if (action !== 'UPDATE') this.#tell(lists, event)
    }
  }

  #tell(to: FeedChannel, event: Omit<FeedEvent, 'factoryId'>): void {
    for (const { channel, tell } of this.#openOf(entityOf(to))) {
      // The id as the listener writes it, which may be in capitals.
      const id = channel.kind === 'doc' ? channel.id : event.id
      tell({ ...event, id, factoryId: channel.factoryId })
    }
  }

  #missed(entity: Entity): void {
    for (const { channel } of this.#openOf(entity)) this.#outlets.missed.next(channel)
  }

  #openOf(entity: Entity | undefined): Iterable<Open> {
    return [...(this.#open.get(entity?.name ?? '') ?? [])]
  }

  /** Once a turn, so that a page with many views sends one message. */
  #syncSoon(): void {
    if (this.#due) return
    this.#due = true
    queueMicrotask(() => {
      this.#due = false
      if (this.#outlets.state.name === 'open') this.#sync()
    })
  }

  #sync(): void {
    const left = [...this.#asked.values()].filter(({ name }) => !this.#open.has(name))
    for (const { name } of left) {
      this.#asked.delete(name)
      this.#heard.delete(name)
    }
    for (const { payload } of subscriptionsOf(left)) this.#send({ type: 'UNSUBSCRIBE', payload })
    const fresh = [...this.#open.values()].flatMap(([first]) => (first && entityOf(first.channel)) ?? [])
    const asked = fresh.filter((entity) => !this.#asked.has(entity.name) && this.#ask(entity))
    for (const { payload, entities } of subscriptionsOf(asked)) {
      this.#unanswered.push(entities)
      this.#send({ type: 'SUBSCRIBE', payload })
    }
  }

  /** False where the protocol has no words for it: ids are UUIDs. */
  #ask(entity: Entity): boolean {
    this.#asked.set(entity.name, entity)
    const [one] = subscriptionsOf([entity])
    const { error } = safeParse(clientMessage, { type: 'SUBSCRIBE', payload: one?.payload })
    if (error)
      this.#outlets.problem.next({ message: `PubSub cannot tell of it: ${error.message}`, value: entity })
    return error === undefined
  }
}
