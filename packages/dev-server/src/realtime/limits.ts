/** How much clients may do. */
export interface RealtimeLimits {
  /** Sockets at a time. */
  readonly sockets: number
  /** Channels of one socket. */
  readonly channels: number
  /** Joins of one socket in a second; more of them end the socket. */
  readonly joinsPerSecond: number
  /** Broadcasts and presence of one socket in a second; more of them end the channel. */
  readonly eventsPerSecond: number
  /** How often a client may say something new of itself in 30 seconds; more ends the channel. */
  readonly presencePer30Seconds: number
  /** Public channels may not be joined, as where a project has taken public access away. */
  readonly privateOnly: boolean
}

/** Room for tests with many clients; what one of them may do is what Supabase allows. */
export const defaultLimits: RealtimeLimits = {
  sockets: 10_000,
  channels: 100,
  joinsPerSecond: 500,
  eventsPerSecond: 1_000,
  presencePer30Seconds: 5,
  privateOnly: false,
}

/** Counts what happens within a window of time. */
export class Rate {
  readonly #most: number
  readonly #window: number
  readonly #times: number[] = []

  /** @param window in ms */
  constructor(most: number, window: number) {
    this.#most = most
    this.#window = window
  }

  /** Whether it may happen once more now. */
  allows(): boolean {
    const now = performance.now()
    while ((this.#times[0] ?? Infinity) <= now - this.#window) this.#times.shift()
    if (this.#times.length >= this.#most) return false
    this.#times.push(now)
    return true
  }
}
