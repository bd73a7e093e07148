/** A message of a Phoenix channel. */
export interface Frame {
  readonly joinRef: string | null
  readonly ref: string | null
  readonly topic: string
  readonly event: string
  readonly payload: Readonly<Record<string, unknown>>
}

export interface Serializer {
  /** Throws a `SyntaxError` for what is no frame. */
  decode(data: Buffer, isBinary: boolean): Frame
  encode(frame: Frame): string
}

/** `vsn=1.0.0`: objects. `vsn=2.0.0`: arrays, and binary frames for the broadcasts of a client. */
export const serializers: Readonly<Record<string, Serializer>> = {
  '1.0.0': {
    decode: (data) => {
      const { join_ref, ref, topic, event, payload } = JSON.parse(data.toString('utf8')) as Record<
        string,
        unknown
      >
      return checked([join_ref, ref, topic, event, payload])
    },
    encode: ({ joinRef, ...frame }) => JSON.stringify({ ...frame, join_ref: joinRef }),
  },
  '2.0.0': {
    decode: (data, isBinary) =>
      isBinary ? decodeBroadcast(data) : checked(JSON.parse(data.toString('utf8'))),
    encode: ({ joinRef, ref, topic, event, payload }) =>
      JSON.stringify([joinRef, ref, topic, event, payload]),
  },
}

function checked(parts: unknown): Frame {
  if (!Array.isArray(parts)) throw new SyntaxError('a frame is an array')
  const [joinRef, ref, topic, event, payload] = parts as unknown[]
  if (typeof topic !== 'string' || typeof event !== 'string')
    throw new SyntaxError('a frame has a topic and an event')
  const body = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {}
  return { joinRef: text(joinRef), ref: text(ref), topic, event, payload: body }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Kind 3: six lengths, then join ref, ref, topic, event, meta, and the payload (JSON when the sixth byte says so). */
function decodeBroadcast(data: Buffer): Frame {
  if (data.length < 7 || data[0] !== 3) throw new SyntaxError('an unknown binary frame')
  let at = 7
  const take = (length: number): string => data.subarray(at, (at += length)).toString('utf8')
  const [joinRef, ref, topic, event] = [data[1], data[2], data[3], data[4]].map((length) => take(length ?? 0))
  take(data[5] ?? 0)
  const rest = data.subarray(at)
  const payload = (
    data[6] === 1 ? JSON.parse(rest.toString('utf8')) : { binary: rest.toString('base64') }
  ) as unknown
  return {
    joinRef: joinRef ?? null,
    ref: ref ?? null,
    topic: topic ?? '',
    event: 'broadcast',
    payload: { type: 'broadcast', event, payload },
  }
}
