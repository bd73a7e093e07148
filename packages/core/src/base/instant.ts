/**
 * Orders two instants as Postgres writes them: ISO text with up to six fraction digits, or dates.
 * Negative: `a` is earlier. `undefined` when either is no instant.
 */
export function compareInstants(a: unknown, b: unknown): number | undefined {
  const left = milliseconds(a)
  const right = milliseconds(b)
  if (Number.isNaN(left) || Number.isNaN(right)) return undefined
  return left - right || microseconds(a) - microseconds(b)
}

const milliseconds = (value: unknown): number =>
  value instanceof Date ? +value : typeof value === 'string' ? Date.parse(value) : Number.NaN

/** What of the fraction lies below the millisecond, which `Date.parse` drops. */
function microseconds(value: unknown): number {
  const fraction = typeof value === 'string' ? /\.(\d+)/.exec(value)?.[1] : undefined
  return Number((fraction ?? '').padEnd(6, '0').slice(3, 6))
}
