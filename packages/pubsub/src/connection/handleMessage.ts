import { maxEntityIds, type ClientMessage } from '@tidemark/core/pubsub'
import { TokenError, type Identity, type Verify } from '../auth.js'
import type { Position } from '../delivery/logWatcher.js'
import { reasonOf } from '../errors.js'
import type { Logger } from '../log.js'
import type { SubscriptionManager } from '../subscriptions/subscriptionManager.js'
import { chunks } from './chunks.js'
import type { Connection } from './connection.js'

/** What messages are answered with. */
export interface Desk {
  readonly verify: Verify
  readonly subscriptions: SubscriptionManager<Connection>
  readonly position: () => Position
  readonly resume: (connection: Connection, from: Position) => Promise<void>
  /** Takes in a connection whose token holds; false where there are too many of that user. */
  readonly admit: (connection: Connection, user: Identity) => boolean
  readonly maxSubscriptions: number
  readonly log: Logger
}

type Message<Type extends ClientMessage['type']> = Extract<ClientMessage, { type: Type }>

/** Answers one message. It never rejects: what fails is told to the client and logged. */
export async function handleMessage(
  desk: Desk,
  connection: Connection,
  message: ClientMessage,
): Promise<void> {
  try {
    if (connection.authenticated) await answer(desk, connection, message)
    else if (message.type === 'AUTH') await authenticate(desk, connection, message.payload.token)
    else connection.close('unauthorized', 'The first message has to be AUTH.')
  } catch (error) {
    if (error instanceof TokenError) return connection.close(error.reason, error.message)
    desk.log.error({ reason: reasonOf(error), message: message.type }, 'a message could not be answered')
    fail(connection, 'unavailable', `${message.type} could not be done now; try again.`)
  }
}

/** Checks the first token of a connection and says where the log stands. @throws TokenError */
export async function authenticate(desk: Desk, connection: Connection, token: string): Promise<void> {
  const user = await desk.verify(token)
  if (!connection.open) return
  if (!desk.admit(connection, user)) return connection.close('limited', 'The user has too many connections.')
  connection.authenticate(user)
  const { id: connectionId, expiresIn } = connection
  connection.queue.send({ type: 'CONNECTED', payload: { connectionId, ...desk.position(), expiresIn } })
}

function answer(desk: Desk, connection: Connection, message: ClientMessage): Promise<void> | void {
  switch (message.type) {
    case 'SUBSCRIBE':
      return subscribe(desk, connection, message.payload)
    case 'UNSUBSCRIBE':
      return unsubscribe(desk, connection, message.payload)
    case 'UNSUBSCRIBE_ALL':
      return desk.subscriptions.unsubscribeAll(connection)
    case 'PING':
      return pong(desk, connection)
    case 'TOKEN_REFRESH':
      return refresh(desk, connection, message.payload.token)
    case 'RESUME':
      return desk.resume(connection, message.payload)
    case 'AUTH':
      return fail(connection, 'already-authenticated', 'Use TOKEN_REFRESH for another token.')
  }
}

async function subscribe(
  desk: Desk,
  connection: Connection,
  asked: Message<'SUBSCRIBE'>['payload'],
): Promise<void> {
  const { entityCode, entityIds, list } = asked
  const { subscriptions, maxSubscriptions } = desk
  if (subscriptions.index.countOf(connection) + entityIds.length > maxSubscriptions) {
    const message = `A connection may subscribe to ${maxSubscriptions} entities; unsubscribe from some.`
    return fail(connection, 'too-many-subscriptions', message)
  }
  const denied = await subscriptions.subscribe(connection, entityCode, entityIds)
  const heard = list === true && (await subscriptions.subscribeList(connection, entityCode))
  const count = new Set(entityIds).size - denied.length
  connection.queue.send({
    type: 'SUBSCRIBED',
    payload: { count, entityCode, denied, ...(list === true && { list: heard }) },
  })
}

async function unsubscribe(
  desk: Desk,
  connection: Connection,
  asked: Message<'UNSUBSCRIBE'>['payload'],
): Promise<void> {
  const { entityCode, entityIds, list } = asked
  if (list === true || entityIds === undefined) desk.subscriptions.unsubscribeList(connection, entityCode)
  await desk.subscriptions.unsubscribe(connection, entityCode, entityIds)
}

/** The position is left out while news waits: a client must not think that it has what it has not. */
function pong(desk: Desk, connection: Connection): void {
  const { seq } = desk.position()
  connection.queue.send({ type: 'PONG', payload: connection.queue.settled ? { seq } : {} })
}

async function refresh(desk: Desk, connection: Connection, token: string): Promise<void> {
  const user = await desk.verify(token)
  if (user.userId !== connection.user.userId) {
    throw new TokenError('unauthorized', 'The token is of another user.')
  }
  connection.authenticate(user)
  for (const { entityCode, entityIds, list } of await desk.subscriptions.authoriseAgain(connection)) {
    const some = chunks(entityIds, maxEntityIds)
    for (const ids of some.length === 0 ? [[]] : some) {
      connection.queue.send({ type: 'REVOKED', payload: { entityCode, entityIds: ids, list } })
    }
  }
  if (!connection.open) return
  connection.queue.send({ type: 'TOKEN_REFRESHED', payload: { expiresIn: connection.expiresIn } })
}

const fail = (connection: Connection, code: string, message: string): void =>
  connection.queue.send({ type: 'ERROR', payload: { code, message } })
