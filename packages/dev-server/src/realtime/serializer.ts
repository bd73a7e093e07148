import { decodePush, encodeBroadcast } from './binary.js'
import type { Frame, Message, Payload } from './frame.js'

export interface Serializer {
  /** @throws SyntaxError for what is no frame */
  decode(data: Buffer, isBinary: boolean): Frame
  encode(frame: Frame): string
  /** A broadcast to a topic; undefined when this version cannot carry it. */
  broadcast(topic: string, message: Message): string | Buffer | undefined
}

const objects: Serializer = {
  decode: (data, isBinary) => {
    if (isBinary) throw new SyntaxError('this version has no binary frames')
    const frame: unknown = JSON.parse(data.toString('utf8'))
    if (!isObject(frame)) throw new SyntaxError('a frame is an object')
    return toFrame([frame.join_ref, frame.ref, frame.topic, frame.event, frame.payload])
  },
  encode: ({ joinRef, ...frame }) => JSON.stringify({ ...frame, join_ref: joinRef }),
  broadcast: (topic, message) =>
    Buffer.isBuffer(message.payload) ? undefined : objects.encode(broadcastFrame(topic, message)),
}

const arrays: Serializer = {
  decode: (data, isBinary) => (isBinary ? decodePush(data) : toFrame(JSON.parse(data.toString('utf8')))),
  encode: ({ joinRef, ref, topic, event, payload }) => JSON.stringify([joinRef, ref, topic, event, payload]),
  broadcast: (topic, message) =>
    encodeBroadcast(topic, message) ??
    (Buffer.isBuffer(message.payload) ? undefined : arrays.encode(broadcastFrame(topic, message))),
}

/** By `vsn`. 1.0.0: objects. 2.0.0: arrays, and binary frames for broadcasts. */
export const serializers: Readonly<Record<string, Serializer>> = { '1.0.0': objects, '2.0.0': arrays }

const broadcastFrame = (topic: string, message: Message): Frame => ({
  joinRef: null,
  ref: null,
  topic,
  event: 'broadcast',
  payload: { type: 'broadcast', ...message },
})

function toFrame(parts: unknown): Frame {
  if (!Array.isArray(parts)) throw new SyntaxError('a frame is an array')
  const [joinRef, ref, topic, event, payload] = parts as unknown[]
  if (typeof topic !== 'string' || typeof event !== 'string') {
    throw new SyntaxError('a frame has a topic and an event')
  }
  return {
    joinRef: textOrNull(joinRef),
    ref: textOrNull(ref),
    topic,
    event,
    payload: isObject(payload) ? payload : {},
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
