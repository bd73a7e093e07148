import type { Context } from '../context.js'
import type { Rooms } from './broadcast.js'
import type { Channel } from './channel.js'
import type { Frame, Message, Payload } from './frame.js'
import { messagesSince } from './messages.js'
import type { Presences } from './presence.js'
import type { Serializer } from './serializer.js'

/** What is said and heard in rooms. */
export interface Speech {
  readonly context: Context
  readonly rooms: Rooms
  readonly presences: Presences
  readonly serializer: Serializer
}

/** How a channel's client is reached. */
export interface Client {
  readonly write: (data: string | Buffer) => void
  /** Answers the join: what is told before it, the client does not know where to put. */
  readonly answer: (channel: Channel) => void
}

/** Brings a channel into its room, and tells it what it has missed and who is there. */
export async function enterRoom(
  { context, rooms, presences, serializer }: Speech,
  channel: Channel,
  { write, answer }: Client,
): Promise<void> {
  const { replay } = channel.config.broadcast
  const told = new Set<unknown>()
  const tell = (message: Message): void => {
    const data = serializer.broadcast(channel.topic, message)
    if (data !== undefined) write(data)
  }
  // From now on nothing is missed; what is also replayed is told once.
  let waiting: Message[] | undefined = []
  const hear = (message: Message): void => {
    if (waiting) waiting.push(message)
    else if (!told.has(message.meta?.id ?? message)) tell(message)
  }
  rooms.enter(channel, hear)
  const missed =
    replay && channel.permissions.hearsBroadcasts
      ? await messagesSince(context.pool, channel.room.name, replay)
      : []
  if (channel.closed) return
  answer(channel)
  for (const message of missed) {
    told.add(message.meta?.id)
    tell(message)
  }
  const arrived = waiting
  waiting = undefined
  arrived.forEach(hear)
  presences.enter(channel)
  channel.tellReady()
}

/** Does what a client says. Resolves with whether it is to be answered. */
export function speak(speech: Speech, channel: Channel, frame: Frame): boolean {
  return frame.event === 'broadcast' ? broadcast(speech, channel, frame) : show(speech, channel, frame)
}

/** What the policies do not let through is dropped without a word, as on Supabase. */
function broadcast({ rooms }: Speech, channel: Channel, { payload }: Frame): boolean {
  if (!channel.permissions.broadcasts) return false
  const { self, ack } = channel.config.broadcast
  const message = { event: String(payload.event), payload: payload.payload }
  rooms.broadcast(channel.room, message, self ? undefined : channel)
  return ack
}

function show({ presences }: Speech, channel: Channel, { payload: { event, payload } }: Frame): boolean {
  if (!channel.permissions.showsPresence) return false
  if (event !== 'track') {
    presences.untrack(channel)
    return true
  }
  const said = { ...(payload as Payload | undefined) }
  if (presences.knows(channel, said)) return true
  if (!channel.mayShow()) {
    channel.shutDown('Client presence rate limit exceeded')
    return false
  }
  presences.track(channel, said)
  return true
}
