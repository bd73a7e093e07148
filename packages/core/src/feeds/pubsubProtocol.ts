import {
  $ZodArray,
  $ZodBoolean,
  $ZodDiscriminatedUnion,
  $ZodEnum,
  $ZodGUID,
  $ZodLiteral,
  $ZodNumberFormat,
  $ZodObject,
  $ZodOptional,
  $ZodString,
  _array,
  _boolean,
  _enum,
  _literal,
  _maxLength,
  _nonnegative,
  _regex,
  _toLowerCase,
  type $ZodShape,
  type $strip,
  type $ZodType,
  type output,
} from 'zod/v4/core'

/** What a client offers as WebSocket subprotocol, and what the service answers with. */
export const pubsubSubprotocol = 'tidemark.pubsub.v1'

/** A second subprotocol offered with this prefix carries the token: it is in no URL and so in no log. */
export const tokenSubprotocolPrefix = 'tidemark.token.'

/** The most entity ids one message may name. */
export const maxEntityIds = 1_000

/** Why the service closes a socket. After `unauthorized` and `expired` a client must not try again with the same token. */
export const closeCodes = {
  /** No token, or one that does not hold. */
  unauthorized: 4001,
  /** The token has expired and was not refreshed. */
  expired: 4002,
  /** No token came within the time to authenticate. */
  authTimeout: 4003,
  /** Frames that are not messages of this protocol, again and again. */
  invalid: 4004,
  /** What is queued for the socket has become too much: it reads too slowly. */
  slow: 4008,
  /** Too many messages, subscriptions or connections. */
  limited: 4029,
  /** The service cannot check tokens now: try again later. */
  unavailable: 1013,
  /** The service goes away: connect again, to any instance. */
  goingAway: 1001,
} as const

// The classes of zod/v4/core are not generic: what each holds is told to the compiler here, and nowhere else.
const object = <const Shape extends $ZodShape>(shape: Shape) =>
  new $ZodObject({ type: 'object', shape }) as $ZodObject<Shape, $strip>
const optional = <Inner extends $ZodType>(innerType: Inner) =>
  new $ZodOptional({ type: 'optional', innerType }) as $ZodOptional<Inner>
const union = <const Options extends readonly $ZodObject[]>(options: Options) =>
  new $ZodDiscriminatedUnion({
    type: 'union',
    discriminator: 'type',
    inclusive: false,
    options: [...options],
  }) as $ZodDiscriminatedUnion<Options>
const literal = <const Value extends string>(value: Value) => _literal($ZodLiteral, value)
const text = (max: number, pattern = /^/) =>
  new $ZodString({ type: 'string', checks: [_regex(pattern), _maxLength(max)] })

const natural = new $ZodNumberFormat({
  type: 'number',
  format: 'safeint',
  check: 'number_format',
  abort: false,
  checks: [_nonnegative()],
})
const token = text(16_384)
/** A table's name, say; never a part of SQL, yet kept to what needs no quoting anywhere. */
const entityCode = text(100, /^[A-Za-z_][A-Za-z0-9_.:-]*$/)
/** Any UUID, in lower case, as Postgres writes it. */
const entityId = new $ZodGUID({
  type: 'string',
  format: 'guid',
  check: 'string_format',
  abort: false,
  checks: [_toLowerCase()],
})
const entityIds = new $ZodArray({
  type: 'array',
  element: entityId,
  checks: [_maxLength(maxEntityIds)],
}) as $ZodArray<$ZodGUID>
const list = optional(_boolean($ZodBoolean))
/** The service's position in the log, a transaction id: digits, too large for a number. */
const seq = text(20, /^\d+$/)
const epoch = text(100)

const message = <const Type extends string, Payload extends $ZodShape>(type: Type, payload: Payload) =>
  object({ type: literal(type), payload: object(payload) })
const bare = <const Type extends string>(type: Type) => object({ type: literal(type) })

/**
 * What a client sends.
 *
 * - `AUTH`: the first frame, where the token came neither as subprotocol nor in the URL.
 * - `SUBSCRIBE`: to entities, and with `list` to the lists of that entity, which change with every row that comes or goes.
 * - `UNSUBSCRIBE`: without `entityIds` from everything of that entity.
 * - `RESUME`: after a reconnect and the `SUBSCRIBE`s, the last `epoch` and `seq` heard; asks for what was missed since.
 */
export const clientMessage = union([
  message('AUTH', { token }),
  message('SUBSCRIBE', { entityCode, entityIds, list }),
  message('UNSUBSCRIBE', { entityCode, entityIds: optional(entityIds), list }),
  bare('UNSUBSCRIBE_ALL'),
  bare('PING'),
  message('TOKEN_REFRESH', { token }),
  message('RESUME', { epoch, seq }),
])
export type ClientMessage = output<typeof clientMessage>

const change = object({
  entityId,
  action: _enum($ZodEnum, ['CREATE', 'UPDATE', 'DELETE']),
  /** Grows with every change of the entity; left out where a log row was written without one. */
  version: optional(natural),
})
export type PubsubChange = output<typeof change>

/**
 * What the service sends. Times are in seconds, `reconnectIn` in milliseconds.
 *
 * - `SUBSCRIBED`: how many of the ids are heard from now on, and which are not (not there, or not visible to the user).
 * - `INVALIDATE`: fetch these again, and with `list` the entity's lists too. `seq` is how far everything was delivered.
 * - `CONNECTED`: the token holds. `PONG`: the answer to `PING`. In both `seq` says where the log stands.
 *   A client that has a position of before keeps that one until `RESUMED` or `REFETCH` gives it another.
 * - `RESUMED`: everything that was missed has been sent. `REFETCH`: it cannot be told what was missed, fetch all that is shown.
 * - `REVOKED`: after a token refresh, what the user may no longer hear of.
 * - `GOAWAY`: the service stops; connect again after `reconnectIn`.
 */
export const serverMessage = union([
  message('CONNECTED', { connectionId: text(50), epoch, seq, expiresIn: natural }),
  message('SUBSCRIBED', {
    count: natural,
    entityCode: optional(entityCode),
    denied: optional(entityIds),
    list,
  }),
  message('INVALIDATE', {
    entityCode,
    changes: _array($ZodArray, change),
    list,
    timestamp: text(40),
    seq: optional(seq),
  }),
  object({ type: literal('PONG'), payload: optional(object({ seq: optional(seq) })) }),
  message('RESUMED', { seq }),
  message('REFETCH', {
    reason: _enum($ZodEnum, ['epoch', 'expired', 'many']),
    epoch,
    seq,
  }),
  message('TOKEN_EXPIRING_SOON', { expiresIn: natural }),
  message('TOKEN_REFRESHED', { expiresIn: natural }),
  message('REVOKED', { entityCode, entityIds, list }),
  message('GOAWAY', { reconnectIn: natural }),
  message('ERROR', { message: text(1_000), code: optional(text(50)) }),
])
export type ServerMessage = output<typeof serverMessage>
