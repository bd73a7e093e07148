import { DevServerError } from './errors.js'

/** How the server misbehaves. Probabilities are between 0 and 1. */
export interface FaultSettings {
  /** Milliseconds an answer waits, or the two ends of a range of them. */
  readonly latency?: number | readonly [min: number, max: number]
  /** The socket is destroyed before the request is executed. */
  readonly dropRequests?: number
  /** The request is executed, and the socket destroyed without an answer. */
  readonly dropResponses?: number
  /** The request is not executed, and answered with this status. */
  readonly errors?: { readonly status: number; readonly probability: number }
  /** The request is not executed, and answered as if its token had expired. */
  readonly unauthorized?: number
  /** New realtime sockets are refused. */
  readonly rejectRealtime?: boolean
  /** Channels are refused as by a Realtime that restarts: `RealtimeRestarting`. */
  readonly restartRealtime?: boolean
  /** Change events that are never delivered. */
  readonly missEvents?: number
  /** Change events that are delivered twice. */
  readonly repeatEvents?: number
  /** A regular expression; HTTP faults touch only paths that match it. */
  readonly only?: string
}

/** The faults of a running server, and the one source of chance in it. */
export interface Faults {
  /** What holds for everybody who has no settings of their own. */
  readonly current: FaultSettings
  /** What holds for a user (the `sub` claim). */
  forUser(user: string | undefined): FaultSettings
  /**
   * Replaces the settings: for everybody, or for one user alone.
   * @throws DevServerError `faults-invalid`
   */
  set(settings: FaultSettings & { readonly user?: string | undefined }): void
  /** Ends all faults, those of single users too. */
  clear(): void
  /** Closes all realtime sockets at once, as a lost network does. */
  dropSockets(): void
  /** Calls `listener` at each `dropSockets`. */
  onDropSockets(listener: () => void): void
  /** Rolls the dice. */
  happens(probability: number | undefined): boolean
  /** Milliseconds to wait now under these settings. */
  delay(settings: FaultSettings): number
}

/** @param random gives numbers from 0 to 1 (1 excluded); seed it to repeat a run */
export function createFaults(random: () => number = Math.random): Faults {
  let current: FaultSettings = {}
  const byUser = new Map<string, FaultSettings>()
  const listeners: (() => void)[] = []
  return {
    get current() {
      return current
    },
    forUser: (user) => (user === undefined ? current : (byUser.get(user) ?? current)),
    set: ({ user, ...settings }) => {
      validate(settings)
      if (user === undefined) current = settings
      else byUser.set(user, settings)
    },
    clear: () => {
      current = {}
      byUser.clear()
    },
    dropSockets: () => listeners.forEach((listener) => listener()),
    onDropSockets: (listener) => void listeners.push(listener),
    happens: (probability = 0) => probability > 0 && random() < probability,
    delay: ({ latency = 0 }) => {
      if (typeof latency === 'number') return latency
      return latency[0] + random() * (latency[1] - latency[0])
    },
  }
}

const known = new Set([
  'latency',
  'dropRequests',
  'dropResponses',
  'errors',
  'unauthorized',
  'rejectRealtime',
  'restartRealtime',
  'missEvents',
  'repeatEvents',
  'only',
])

function validate(settings: FaultSettings): void {
  const unknown = Object.keys(settings).find((name) => !known.has(name))
  if (unknown !== undefined) refuse(`There is no fault named ${unknown}.`)
  const { dropRequests, dropResponses, unauthorized, missEvents, repeatEvents, errors } = settings
  const probabilities = { dropRequests, dropResponses, unauthorized, missEvents, repeatEvents }
  for (const [name, value] of Object.entries(probabilities)) validateProbability(name, value)
  validateProbability('errors.probability', errors?.probability)
  const status = errors?.status ?? 500
  if (!Number.isInteger(status) || status < 400 || status > 599) refuse('errors.status is not 400 to 599.')
  validateLatency(settings.latency)
  validatePattern(settings.only)
}

function validateProbability(name: string, value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) refuse(`${name} is ${JSON.stringify(value)}.`)
}

function validateLatency(latency: FaultSettings['latency']): void {
  const ends: unknown[] = Array.isArray(latency) ? latency : [latency ?? 0]
  const isRange = ends.length === (Array.isArray(latency) ? 2 : 1)
  const valid = isRange && ends.every((end) => typeof end === 'number' && end >= 0)
  if (!valid) refuse(`latency is ${JSON.stringify(latency)}.`)
}

function validatePattern(only: string | undefined): void {
  if (only === undefined) return
  try {
    new RegExp(only)
  } catch (error) {
    refuse(`only is no regular expression: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function refuse(detail: string): never {
  throw new DevServerError('faults-invalid', detail)
}
