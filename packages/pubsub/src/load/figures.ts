/** The middle and the tail of a list of times, in ms. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** @throws Error when there is nothing to look at */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN)
  if (sorted.length === 0) throw new Error('Nothing was measured.')
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

export const round = (value: number): number => Math.round(value * 100) / 100

export const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs work for each item, so many at once. */
export async function each<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
