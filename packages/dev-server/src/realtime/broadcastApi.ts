import type { Claims, Context, Reply, Request, Service } from '../context.js'
import { TokenError } from '../tokens.js'
import type { Rooms } from './broadcast.js'
import type { Message } from './frame.js'
import { storeMessage } from './messages.js'
import { permissionsOf } from './permissions.js'
import type { Room } from './room.js'

/**
 * `POST /broadcast` with messages, and `POST /broadcast/:topic/events/:event` with one. The key of the project opens both; a
 * private message is told when whoever sends it may broadcast there.
 */
export function createBroadcastApi(context: Context, rooms: Rooms): Service {
  return async (request) => {
    const { method, url } = request
    const [, topic, event] = partsOf(url.pathname)
    if (method !== 'POST' || topic === '') return json(404, { message: 'Not Found' })
    try {
      const sender = { context, rooms, claims: await context.tokens.verify(tokenOf(request)) }
      return await (topic === undefined || event === undefined
        ? broadcastMany(request, sender)
        : broadcastOne(request, sender, topic, event))
    } catch (error) {
      if (error instanceof TokenError) return json(401, { error: error.message })
      throw error
    }
  }
}

interface Sender {
  readonly context: Context
  readonly rooms: Rooms
  readonly claims: Claims
}

/** The topic and the event that a path names; '' as the topic when the path is none of ours. */
function partsOf(pathname: string): readonly (string | undefined)[] {
  const parts = /^\/broadcast(?:\/([^/]+)\/events\/([^/]+))?$/.exec(pathname)
  try {
    return parts?.map((part: string | undefined) => part && decodeURIComponent(part)) ?? [undefined, '']
  } catch {
    return [undefined, ''] // A path with a broken escape names nothing.
  }
}

/** The user's own token says more than the key. */
const tokenOf = ({ headers, url }: Request): string =>
  headers.authorization?.replace(/^bearer /i, '') ?? headers.apikey ?? url.searchParams.get('apikey') ?? ''

async function broadcastOne(
  { body, headers, url }: Request,
  sender: Sender,
  name: string,
  event: string,
): Promise<Reply> {
  const isBytes = headers['content-type']?.startsWith('application/octet-stream') === true
  const payload = isBytes ? body : parse(body)
  if (payload === undefined) return notJson
  const isPrivate = url.searchParams.get('private') === 'true'
  const isKept = isPrivate && [...url.searchParams.keys()].some((key) => key.startsWith('persist'))
  await tell(sender, { name, isPrivate }, { event, payload }, isKept)
  return accepted
}

async function broadcastMany({ body }: Request, sender: Sender): Promise<Reply> {
  const given = parse(body)
  if (given === undefined) return notJson
  const messages = fieldsOf(given).messages
  if (!Array.isArray(messages)) return json(422, { errors: { messages: ["can't be blank"] } })
  const read = messages.map(fieldsOf)
  const errors = read.map(blanksOf)
  if (errors.some((blanks) => Object.keys(blanks).length > 0))
    return json(422, { errors: { messages: errors } })
  for (const { topic, event, payload, private: isPrivate } of read) {
    const room = { name: String(topic), isPrivate: isPrivate === true }
    await tell(sender, room, { event: String(event), payload }, false)
  }
  return accepted
}

/** What the policies do not let through is dropped without a word, as on Supabase. */
async function tell(
  { context, rooms, claims }: Sender,
  room: Room,
  message: Message,
  isKept: boolean,
): Promise<void> {
  if (room.isPrivate && !(await permissionsOf(context.pool, room.name, claims)).broadcasts) return
  if (isKept) await storeMessage(context.pool, room.name, message)
  else rooms.broadcast(room, message)
}

const blanksOf = ({ topic, event, payload }: Readonly<Record<string, unknown>>) => ({
  ...((typeof topic !== 'string' || topic === '') && { topic: ["can't be blank"] }),
  ...((typeof event !== 'string' || event === '') && { event: ["can't be blank"] }),
  ...((typeof payload !== 'object' || payload === null) && { payload: ["can't be blank"] }),
})

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** Undefined for what is no JSON. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined // The caller refuses it.
  }
}

const json = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})

const accepted: Reply = { status: 202 }
const notJson = json(400, { error: 'The body is not JSON' })
