import type { Claims, Tokens } from '../context.js'
import { TokenError } from '../tokens.js'
import type { Payload } from './frame.js'
import { mostReplayed, type Replay } from './messages.js'

/** One of a client's `postgres_changes`; its object is echoed as it came. */
export interface Binding {
  readonly event: string
  readonly schema: string
  readonly table?: string
  readonly filter?: string
  readonly select?: string | readonly string[]
}

/** What a client asks of a channel. */
export interface ChannelConfig {
  readonly broadcast: {
    readonly self: boolean
    readonly ack: boolean
    /** What it wants to hear of what was broadcast before. */
    readonly replay: Replay | undefined
    /** It wants to be told when broadcasts of the database flow. */
    readonly tellsReady: boolean
  }
  readonly presence: { readonly key: string; readonly enabled: boolean }
  readonly bindings: readonly Binding[]
  readonly private: boolean
  /** The join is answered only when changes flow, and refused when they cannot. */
  readonly wait: boolean
}

/** A join that is refused; the message is what the client is told: `Code: text`. */
export class JoinError extends Error {
  override readonly name = 'JoinError'
  /** The client asks so often that its socket ends too. */
  readonly isFlood: boolean

  constructor(message: string, isFlood = false) {
    super(message)
    this.isFlood = isFlood
  }
}

/** Reads the payload of `phx_join`; what is left out or of another type has its default. */
export function readConfig(payload: Payload): ChannelConfig {
  const config = objectOf(payload.config)
  const [broadcast, presence] = [objectOf(config.broadcast), objectOf(config.presence)]
  const bindings = Array.isArray(config.postgres_changes) ? config.postgres_changes : []
  return {
    broadcast: {
      self: broadcast.self === true,
      ack: broadcast.ack === true,
      replay:
        broadcast.replay === undefined ? undefined : readReplay(broadcast.replay, config.private === true),
      tellsReady: broadcast.replication_ready === true,
    },
    presence: {
      key: typeof presence.key === 'string' ? presence.key : '',
      enabled: presence.enabled === true,
    },
    bindings: bindings.map(readBinding),
    private: config.private === true,
    wait: objectOf(config.postgres_changes_options).wait === true,
  }
}

/** @throws JoinError where there is nothing to replay */
function readReplay(given: unknown, isPrivate: boolean): Replay {
  const { since, limit = mostReplayed } = objectOf(given)
  if (!isPrivate) throw new JoinError('UnableToReplayMessages: Replay is not allowed for public channels')
  if (typeof since !== 'number' || typeof limit !== 'number' || limit < 1 || limit > mostReplayed) {
    throw new JoinError('UnableToReplayMessages: Replay params are not valid')
  }
  return { since, limit }
}

/** @throws JoinError for a binding that is none */
function readBinding(given: unknown): Binding {
  const { event, schema, ...rest } = objectOf(given)
  const binding = { event: event ?? '*', schema: schema ?? 'public', ...rest }
  const texts = [binding.event, binding.schema, rest.table ?? '', rest.filter ?? '']
  if (!texts.every((text) => typeof text === 'string')) {
    throw new JoinError(
      `RealtimeDisabledForConfiguration: malformed postgres_changes ${JSON.stringify(given)}`,
    )
  }
  return binding as Binding
}

const objectOf = (value: unknown): Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {}

/** Whether a client has given a token of its own, and not a key of the new kind. */
export const isToken = (given: unknown): given is string =>
  typeof given === 'string' && given !== '' && !given.startsWith('sb_')

/**
 * The claims of a token that a channel can be joined with.
 * @param now in ms
 * @throws JoinError
 */
export async function claimsOf(tokens: Tokens, token: string, now: number): Promise<Claims> {
  const claims = await tokens.verify(token).catch((error: unknown) => {
    if (error instanceof TokenError) throw new JoinError(reasonOf(error, now))
    throw error
  })
  if (claims.exp === undefined) throw new JoinError(fieldsRequired)
  return claims
}

const fieldsRequired = 'InvalidJWTToken: Fields `role` and `exp` are required in JWT'

function reasonOf({ reason, message, expiredAt = 0 }: TokenError, now: number): string {
  switch (reason) {
    case 'expired':
      return `InvalidJWTToken: ${expiryMessage(expiredAt, now)}`
    case 'claims':
      return fieldsRequired
    case 'signature':
      return 'JwtSignatureError: Failed to validate JWT signature'
    case 'malformed':
      return `MalformedJWT: ${message}`
  }
}

/**
 * @param expiredAt in seconds since the epoch
 * @param now in ms
 */
export const expiryMessage = (expiredAt: number, now: number): string =>
  `Token has expired ${Math.max(0, Math.round(now / 1_000 - expiredAt))} seconds ago`
