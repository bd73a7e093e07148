/** Milliseconds. */
export interface BackoffOptions {
  readonly first: number
  readonly cap: number
}

export const pushBackoff: BackoffOptions = { first: 1_000, cap: 30_000 }

/**
 * How long to wait before try number `attempt` + 1, in ms: exponential with full jitter, so that many clients do not come
 * back together. Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. A server's `Retry-After` is kept.
 */
export function backoff(
  attempt: number,
  random: () => number,
  retryAfter = 0,
  { first, cap } = pushBackoff,
): number {
  const ceiling = Math.min(cap, first * 2 ** Math.min(attempt, 30))
  return Math.max(retryAfter, Math.round(random() * ceiling))
}
