import type { Frame, Message } from './frame.js'

/** The kinds of binary frames: a broadcast of a client, and one to a client. */
const [push, broadcast] = [3, 4]
const [bytesEncoding, jsonEncoding] = [0, 1]

/**
 * Reads kind 3: the lengths of join ref, ref, topic, event and meta, the encoding, then those parts and the payload.
 * @throws SyntaxError for anything else
 */
export function decodePush(data: Buffer): Frame {
  if (data.length < 7 || data[0] !== push) throw new SyntaxError('an unknown binary frame')
  const lengths = [...data.subarray(1, 6)]
  const start = 7 + lengths.reduce((sum, length) => sum + length, 0)
  if (data.length < start) throw new SyntaxError('a binary frame that is cut off')
  const [joinRef, ref, topic, event] = textsOf(data, lengths)
  const rest = data.subarray(start)
  const payload: unknown = data[6] === jsonEncoding ? JSON.parse(rest.toString('utf8')) : rest
  return {
    joinRef: joinRef || null,
    ref: ref || null,
    topic,
    event: 'broadcast',
    payload: { type: 'broadcast', event, payload },
  }
}

function textsOf(data: Buffer, [joinRef = 0, ref = 0, topic = 0, event = 0]: readonly number[]) {
  let at = 7
  const take = (length: number): string => data.toString('utf8', at, (at += length))
  return [take(joinRef), take(ref), take(topic), take(event)] as const
}

/** Writes kind 4: the lengths of topic, event and meta, the encoding, then those parts and the payload. Undefined when a part is too long. */
export function encodeBroadcast(topic: string, { event, payload, meta }: Message): Buffer | undefined {
  const parts = [topic, event, meta === undefined ? '' : JSON.stringify(meta)].map((part) =>
    Buffer.from(part),
  )
  if (parts.some(({ length }) => length > 255)) return undefined
  const isBytes = Buffer.isBuffer(payload)
  const head = [broadcast, ...parts.map(({ length }) => length), isBytes ? bytesEncoding : jsonEncoding]
  const body = isBytes ? payload : Buffer.from(JSON.stringify(payload ?? {}))
  return Buffer.concat([Buffer.from(head), ...parts, body])
}
