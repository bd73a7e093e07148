import type { Context, Reply, Request, Service } from '../context.js'
import { TokenError } from '../tokens.js'
import type { Topics } from './broadcast.js'

/** `POST /broadcast` with messages, and `POST /broadcast/:topic/events/:event` with one. The key of the project opens both. */
export function createBroadcastApi({ tokens }: Context, topics: Topics): Service {
  return async (request) => {
    const { method, url } = request
    const [, topic, event] = partsOf(url.pathname)
    if (method !== 'POST' || topic === '') return json(404, { message: 'Not Found' })
    const refused = await tokens.verify(keyOf(request)).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof TokenError) return json(401, { error: error.message })
        throw error
      },
    )
    if (refused) return refused
    return topic === undefined || event === undefined
      ? broadcastMany(request, topics)
      : broadcastOne(request, topics, topic, event)
  }
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

const keyOf = ({ headers, url }: Request): string =>
  headers.apikey ?? headers.authorization?.replace(/^bearer /i, '') ?? url.searchParams.get('apikey') ?? ''

function broadcastOne({ body, headers, url }: Request, topics: Topics, topic: string, event: string): Reply {
  const isBytes = headers['content-type']?.startsWith('application/octet-stream') === true
  const payload = isBytes ? body : parse(body)
  if (payload === undefined) return notJson
  // There are no private channels yet, so nobody hears a private message.
  if (url.searchParams.get('private') !== 'true') topics.broadcast(`realtime:${topic}`, { event, payload })
  return accepted
}

function broadcastMany({ body }: Request, topics: Topics): Reply {
  const given = parse(body)
  if (given === undefined) return notJson
  const messages = fieldsOf(given).messages
  if (!Array.isArray(messages)) return json(422, { errors: { messages: ["can't be blank"] } })
  const read = messages.map(fieldsOf)
  const errors = read.map(blanksOf)
  if (errors.some((blanks) => Object.keys(blanks).length > 0))
    return json(422, { errors: { messages: errors } })
  for (const { topic, event, payload, private: isPrivate } of read) {
    if (isPrivate !== true) topics.broadcast(`realtime:${String(topic)}`, { event: String(event), payload })
  }
  return accepted
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
